#!/usr/bin/perl
# Gives reveals.mjs a campaign of each reveal that wins and one that does not.
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

my %slugs;
for my $reveal (qw(garapon scratch slot roulette omikuji gacha card plain)) {
    my %common = (title => '秋の大福引', reveal => $reveal, counts => [ 1, 10 ]);
    $slugs{$reveal} = {
        win => campaign({ %common, prizes => [
            { code => 'A', grade => '一等', name => '温泉ペア宿泊券',
                units => 1000, weight => 1_000_000 } ] }),
        blank => campaign({ %common, prizes => [
            { code => 'A', name => '温泉ペア宿泊券', units => 1, weight => 0 } ] }),
    };
}

local $ENV{KUJI_URL}     = site_url('first');
local $ENV{KUJI_REVEALS} = JSON::PP->new->encode(\%slugs);
local $ENV{CHROMIUM}     = $chromium;
exec 'node', "$FindBin::Bin/reveals.mjs" or die "node: $!";
