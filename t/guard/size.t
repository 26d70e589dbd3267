#!/usr/bin/perl
# Files stay below 600 lines and functions below 60.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Kuji::Source qw(files c_files slurp);

my @written = grep { !m{^(?:sql/queries\.[ch]|config\.guess|LICENSE|
        build-aux/(?!setup/|format|\w+\.awk)|aclocal\.m4|configure|
        t/conf/\w+\.conf$)}x }
    files(qr{\.(?:[ch]|sql|pl|pm|t|sh|mjs|js|css|html|mustache|awk|am|ac|md|
        conf|in|json)$|(?:^|/)(?:bootstrap|run|format|TEST)$}x);
my @long;
for my $file (grep { !m{^templates/locale/|package-lock|Makefile\.in} } @written) {
    my $lines = () = slurp($file) =~ /\n/g;
    push @long, "$file: $lines lines" if $lines > 600;
}
is_deeply \@long, [], 'no file over 600 lines';
cmp_ok scalar @written, '>', 30, 'the files were found';

# clang-format puts a function's braces, and nothing else, into column one.
my @deep;
my $functions = 0;
for my $file (c_files()) {
    my ($line, $start) = (0);
    for (split /\n/, slurp($file)) {
        $line++;
        $start = $line if $_ eq '{';
        next unless $_ eq '}' && defined $start;
        $functions++;
        my $length = $line - $start + 1;
        push @deep, "$file:$start: $length lines" if $length > 60;
        undef $start;
    }
}
is_deeply \@deep, [], 'no function over 60 lines';
cmp_ok $functions, '>', 5, 'the functions were found';

done_testing;
