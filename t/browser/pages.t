#!/usr/bin/perl
# Gives pages.mjs a site with campaigns of every kind, and lets it speak.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use FindBin;
use JSON::PP ();
use Test::More;
use Kuji::Test;

plan skip_all => 'npm ci in t/browser was not run'
    if !-d "$FindBin::Bin/node_modules/playwright-core";
my ($chromium) = grep { -x } $ENV{CHROMIUM} // (), '/usr/bin/chromium';
plan skip_all => 'no chromium' if !$chromium;

my %texts = (
    texts => {
        ja => { lead => 'ようこそ。', description => "説明です。\n二行目です。",
            organiser => '主催者', contact => '窓口', rules => 'どなたでも参加できます。' },
        en => { lead => 'Welcome.', description => 'About.',
            organiser => 'The organiser', contact => 'Desk' },
    },
    privacy => { purpose => '賞品の発送にだけ使います。',
        purpose_en => 'Used only to send the prize.', retention_days => 30 },
    title => 'ふくびき',
);
my @prizes = (
    { code => 'A', grade => '一等', name => '温泉ペア宿泊券', name_en => 'Hot spring',
        description => '一泊二食つき。', description_en => 'For two.', units => 1000 },
    { code => 'B', name => 'お買い物券', name_en => 'Voucher', units => 100_000 },
);
my %slugs = (
    odds => campaign({ %texts, prizes => \@prizes, theme => 'ennichi' }),
    box  => campaign({ %texts, method => 'box', blanks => 10_000,
            prizes => \@prizes, theme => 'yuki' }),
    raffle => campaign({ %texts, method => 'raffle', alternates => 3,
            prizes => \@prizes, theme => 'wakaba' }),
    code => campaign({ %texts, gates => ['code'], prizes => \@prizes,
            theme => 'mono' }),
);
my ($code) = split /\n/,
    ctl('codes', 'generate', 'first', $slugs{code}, '1');

local $ENV{KUJI_URL}   = site_url('first');
local $ENV{KUJI_SLUGS} = JSON::PP->new->encode(\%slugs);
local $ENV{KUJI_CODE}  = $code;
local $ENV{CHROMIUM}   = $chromium;
exec 'node', "$FindBin::Bin/pages.mjs" or die "node: $!";
