#!/usr/bin/perl
# The module gives httpd one symbol and keeps the rest to itself.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;

my $module = $ENV{KUJI_MODULE} or plan skip_all => 'no built module';
my @names  = map { (split)[2] } grep { !/ __(?:asan|odr_asan|ubsan)/ }
    `nm -D --defined-only $module`;
is_deeply \@names, ['kuji_module'], 'only kuji_module is exported';

my @lost = map { (split)[1] } grep { / kuji_/ } `nm -D --undefined-only $module`;
is_deeply \@lost, [], 'nothing of ours was left out of the link';

done_testing;
