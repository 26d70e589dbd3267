#!/usr/bin/perl
# Gives frames.mjs what it measures.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use FindBin;
use JSON::PP ();
use Test::More;
use Kuji::Test;

plan skip_all => 'npm ci in t/browser was not run'
    if !-d "$FindBin::Bin/node_modules/playwright-core";
my ($chromium) = grep { -x } $ENV{CHROMIUM} // (), '/usr/bin/chromium';
plan skip_all => 'no chromium' if !$chromium;

my %slugs = map { $_ => { win => campaign({ title => '秋の大福引', reveal => $_,
            prizes => [ { code => 'A', grade => '一等', name => '温泉ペア宿泊券',
                    units => 1000, weight => 1_000_000 } ] }) } }
    qw(garapon scratch slot roulette omikuji gacha card);

local $ENV{KUJI_URL}     = site_url('first');
local $ENV{KUJI_REVEALS} = JSON::PP->new->encode(\%slugs);
local $ENV{CHROMIUM}     = $chromium;
exec 'node', "$FindBin::Bin/frames.mjs" or die "node: $!";
