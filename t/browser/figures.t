#!/usr/bin/perl
# Gives figures.mjs a campaign that was drawn from, and an admin to look at it.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use FindBin;
use Test::More;
use Kuji::Admin;
use Kuji::Test;

plan skip_all => 'npm ci in t/browser was not run'
    if !-d "$FindBin::Bin/node_modules/playwright-core";
my ($chromium) = grep { -x } $ENV{CHROMIUM} // (), '/usr/bin/chromium';
plan skip_all => 'no chromium' if !$chromium;

my $slug = campaign({ title => 'ふくびき', method => 'box', blanks => 90,
    prizes => [ { code => 'A', name => '温泉ペア宿泊券', units => 10 } ] });
draw($slug, count => 30);
# The same once more, two days ago.
sql("UPDATE kuji.campaign SET next_n = 61, size = 62 WHERE slug = '$slug'");
sql("INSERT INTO kuji.mark (campaign_id, quarter, tenant_id, draws, wins)
     SELECT m.campaign_id, m.quarter - 192, m.tenant_id, 0, '{}' FROM kuji.mark m
       JOIN kuji.campaign c ON c.id = m.campaign_id WHERE c.slug = '$slug'");
sql("UPDATE kuji.mark m SET draws = 30 FROM kuji.campaign c
      WHERE c.id = m.campaign_id AND c.slug = '$slug'
        AND m.quarter = (SELECT max(quarter) FROM kuji.mark WHERE campaign_id = c.id)");

my $me = Kuji::Admin->new(role => 'viewer');
local $ENV{KUJI_URL}    = site_url('first');
local $ENV{KUJI_SLUG}   = $slug;
local $ENV{KUJI_COOKIE} = $me->{jar}{'kuji-admin'}{value};
local $ENV{CHROMIUM}    = $chromium;
exec 'node', "$FindBin::Bin/figures.mjs" or die "node: $!";
