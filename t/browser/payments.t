#!/usr/bin/perl
# Gives payments.mjs campaigns that sell goods and the stand-in of LINE Pay, and
# lets it speak.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use FindBin;
use Test::More;
use Kuji::Admin ();
use Kuji::Pay   ();
use Kuji::Test;

plan skip_all => 'npm ci in t/browser was not run'
    if !-d "$FindBin::Bin/node_modules/playwright-core";
my ($chromium) = grep { -x } $ENV{CHROMIUM} // (), '/usr/bin/chromium';
plan skip_all => 'no chromium' if !$chromium;

my $owner = Kuji::Admin->new;
my $pay   = Kuji::Pay->new(owner => $owner);
local $ENV{KUJI_URL}  = site_url('first');
local $ENV{KUJI_SLUG} = $pay->campaign(draws => 1, config => { title => '秋のお茶まつり', odds_total => 1,
    privacy => { purpose => '賞品の発送にだけ使います。', retention_days => 30 },
    prizes  => [ { code => 'A', name => '茶器セット', kind => 'coupon', units => 100, weight => 1 } ] });
local $ENV{KUJI_STAND_IN} = $pay->{line}->url('');
local $ENV{KUJI_LOGIN}    = $owner->{login};
local $ENV{KUJI_PASSWORD} = $owner->{password};
local $ENV{CHROMIUM}      = $chromium;
# Not exec: the stand-in ends with this process.
exit system('node', "$FindBin::Bin/payments.mjs") >> 8;
