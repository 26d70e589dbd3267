#!/usr/bin/perl
# Gives campaigns.mjs an owner and a draft, and lets it speak.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use FindBin;
use JSON::PP ();
use Test::More;
use Kuji::Admin;
use Kuji::Test;

plan skip_all => 'npm ci in t/browser was not run'
    if !-d "$FindBin::Bin/node_modules/playwright-core";
my ($chromium) = grep { -x } $ENV{CHROMIUM} // (), '/usr/bin/chromium';
plan skip_all => 'no chromium' if !$chromium;

my %owner = (login => unique('owner'), password => 'correct-horse-battery-9');
Kuji::Admin::create('first', $owner{login}, 'owner', $owner{password});

my @prizes = (
    { code => 'A', grade => '一等', name => '湯けむり温泉旅館 一泊二日 ペア宿泊券', units => 2, kind => 'parcel' },
    { code => 'B', grade => '二等', name => '商店街共通商品券 5,000 円分', units => 30, kind => 'gift_code' },
    { code => 'C', name => '焙煎したての珈琲豆 200g', units => 500, kind => 'coupon' });
my @odds = map { +{ %{ $prizes[$_] }, weight => (5, 200, 4000)[$_] } } 0 .. 2;
my %slug = (draft => campaign({ title => '歳末大福引', prizes => \@odds, odds_total => 10_000 }, draft => 1));

local $ENV{KUJI_URL}       = site_url('first');
local $ENV{KUJI_ADMIN}     = JSON::PP->new->encode(\%owner);
local $ENV{KUJI_CAMPAIGNS} = JSON::PP->new->encode(\%slug);
local $ENV{CHROMIUM}       = $chromium;
exec 'node', "$FindBin::Bin/campaigns.mjs" or die "node: $!";
