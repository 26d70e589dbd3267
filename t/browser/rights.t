#!/usr/bin/perl
# Gives rights.mjs a campaign with a prize to send, and lets it speak.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use FindBin;
use Test::More;
use Kuji::Test;

plan skip_all => 'npm ci in t/browser was not run'
    if !-d "$FindBin::Bin/node_modules/playwright-core";
my ($chromium) = grep { -x } $ENV{CHROMIUM} // (), '/usr/bin/chromium';
plan skip_all => 'no chromium' if !$chromium;

local $ENV{KUJI_SLUG} = campaign({
    title  => '秋の大抽選会', odds_total => 1,
    prizes => [ { code => 'A', name => '温泉ペア宿泊券', name_en => 'Hot spring for two', kind => 'parcel',
        units => 100, weight => 1 } ],
    texts => {
        ja => { organiser => '商店街', contact => 'info@example.jp',
            marketing_consent => '新商品やイベントのお知らせをメールで受け取ります（いつでも取り消せます）。' },
        en => { marketing_consent => 'Please send me news by e-mail (I can withdraw this at any time).' },
    },
    privacy => { purpose => '賞品の発送と、当選のご連絡にだけ使います。',
        purpose_en => 'Used only to send the prize.', retention_days => 90 },
});
local $ENV{KUJI_URL} = site_url('first');
local $ENV{CHROMIUM} = $chromium;
exec 'node', "$FindBin::Bin/rights.mjs" or die "node: $!";
