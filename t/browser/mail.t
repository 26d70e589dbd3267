#!/usr/bin/perl
# Gives mail.mjs a campaign behind the e-mail gate, and lets it speak.
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

local $ENV{KUJI_URL}  = site_url('first');
local $ENV{KUJI_SLUG} = campaign({ title => '秋のふくびき', gates => ['email'], theme => 'ennichi',
    odds_total => 1, claim_days => 14,
    privacy => { purpose => '賞品の発送にだけ使います。', retention_days => 30 },
    texts => { ja => { lead => 'メールアドレスをお持ちの方なら、どなたでも引けます。' } },
    prizes => [ { code => 'A', name => '温泉ペア宿泊券', kind => 'parcel', units => 100, weight => 1 } ] });
local $ENV{CHROMIUM} = $chromium;
exec 'node', "$FindBin::Bin/mail.mjs" or die "node: $!";
