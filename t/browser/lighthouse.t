#!/usr/bin/perl
# Gives lighthouse.mjs a campaign and lets it speak.
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
plan skip_all => 'lighthouse is not installed'
    if !-d "$FindBin::Bin/node_modules/lighthouse";

local $ENV{KUJI_SLUG} = campaign({
    title => '秋の大抽選会',
    privacy => { purpose => '賞品の発送にだけ使います。', retention_days => 30 },
    texts => { ja => { lead => 'お買い上げありがとうございます。', description => '説明です。' x 40 } },
    prizes => [ map { { code => "P$_", grade => "$_ 等", name => "賞品その$_",
                description => 'くわしい説明です。', units => 10 * $_, weight => 1000 } } 1 .. 9 ] });
local $ENV{KUJI_URL} = site_url('first');
local $ENV{CHROMIUM} = $chromium;
exec 'node', "$FindBin::Bin/lighthouse.mjs" or die "node: $!";
