#!/usr/bin/perl
# What no source may say: SQL outside sql/, unfinished work; and what each
# must: its licence.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Kuji::Source qw(files c_files slurp literals);

my $statement = qr{\b(?:SELECT\s|INSERT\s+INTO\s|UPDATE\s+\S+\s+SET\s|
    DELETE\s+FROM\s|CREATE\s+(?:TABLE|ROLE|FUNCTION)\s|ALTER\s+TABLE\s)}x;
my @sql;
for my $file (grep { !m{^t/} } c_files()) {
    push @sql, map { "$file: $_" } grep { $_ =~ $statement } literals(slurp($file));
}
is_deeply \@sql, [], 'SQL stands in sql/ only';

my @ours = grep { !m{^build-aux/(?!setup/|format|\w+\.awk)|^sql/queries\.[ch]$} }
    files(qr{\.(?:[ch]|sql|pl|pm|t|sh|mjs|js|css|awk|am)$|
        (?:^|/)(?:bootstrap|run|format|TEST)$}x);
# Apache::Test writes this one when it configures itself.
@ours = grep { $_ ne 't/conf/apache_test_config.pm' } @ours;
my (@unfinished, @unlicensed);
for my $file (@ours) {
    my $text = slurp($file);
    push @unfinished, $file
        if $file ne 't/guard/words.t' && $text =~ /\b(?:TODO|FIXME|XXX)\b/;
    push @unlicensed, $file
        if $file =~ /\.(?:[ch]|pl|pm|t|sh|mjs|js|css)$|bootstrap$/
        && $text !~ /SPDX-License-Identifier: Apache-2\.0/;
}
is_deeply \@unfinished, [], 'nothing is left for later';
is_deeply \@unlicensed, [], 'each source names its licence';

done_testing;
