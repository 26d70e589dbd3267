#!/usr/bin/perl
# Gives looks.mjs a campaign, an admin and images.
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

my $admin = Kuji::Admin->new(role => 'editor');
my $slug = campaign({
    title => '秋の大抽選会',
    privacy => { purpose => '賞品の発送にだけ使います。', retention_days => 30 },
    texts => { ja => { lead => 'お買い上げありがとうございます。', description => "説明です。\n二行目です。" } },
    prizes => [
        { code => 'A', grade => '一等', name => '温泉ペア宿泊券', description => '一泊二食つき。', units => 10 },
        { code => 'B', name => 'お買い物券', units => 1000 },
    ] });

local $ENV{KUJI_URL}      = site_url('first');
local $ENV{KUJI_SLUG}     = $slug;
local $ENV{KUJI_LOGIN}    = $admin->{login};
local $ENV{KUJI_PASSWORD} = $admin->{password};
local $ENV{KUJI_IMAGES}   = "$ENV{KUJI_SRC}/t/unit/images";
local $ENV{CHROMIUM}      = $chromium;
exec 'node', "$FindBin::Bin/looks.mjs" or die "node: $!";
