#!/usr/bin/perl
# The C sources are as clang-format leaves them.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Kuji::Source qw(root);

my $root   = root();
my $report = `$root/build-aux/format --check 2>&1`;
is $? >> 8, 0, 'build-aux/format --check' or diag $report;

done_testing;
