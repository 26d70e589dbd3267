#!/usr/bin/perl
# conf/kuji.conf tells of every directive, and of none that there is not.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Kuji::Source qw(c_files slurp);

my %known;
for my $file (grep { !m{^t/} } c_files()) {
    my $text = slurp($file);
    $known{$1} = 1 while $text =~ /AP_INIT_\w+\s*\(\s*"(\w+)"/g;
}
my %told;
my $conf = slurp('conf/kuji.conf');
$told{$1} = 1 while $conf =~ /^\s*#?\s*(Kuji\w*)\s+\S/gm;

is_deeply [ sort keys %told ], [ sort keys %known ],
    'conf/kuji.conf documents the directives';

done_testing;
