#!/usr/bin/perl
# Gives proof.mjs a site with a running and a closed campaign, a large ledger to
# check, and lets it speak.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use File::Temp qw(tempdir);
use FindBin;
use JSON::PP ();
use Test::More;
use Kuji::Campaign qw(now_ms);
use Kuji::Test;

plan skip_all => 'npm ci in t/browser was not run'
    if !-d "$FindBin::Bin/node_modules/playwright-core";
my ($chromium) = grep { -x } $ENV{CHROMIUM} // (), '/usr/bin/chromium';
plan skip_all => 'no chromium' if !$chromium;

my @prizes = (
    { code => 'A', grade => '一等', name => '温泉ペア宿泊券', name_en => 'Hot spring', units => 1000 },
    { code => 'B', name => 'お買い物券', name_en => 'Voucher', units => 100_000 },
);
my %slugs = (
    open   => campaign({ title => 'ふくびき', prizes => \@prizes }),
    closed => campaign({ title => '秋のくじ', method => 'box', blanks => 500,
            prizes => \@prizes }),
    large  => campaign({ title => '大きなくじ', prizes => \@prizes }),
);
draw($slugs{closed}) for 1 .. 20;
request('POST', "/api/v1/campaigns/$slugs{closed}/close", token => 'first',
    json => { reason => 'early' });

my $large = tempdir(CLEANUP => 0);
(my $host = site_url('first')) =~ s{^https?://}{};
system 'python3', "$FindBin::Bin/../verify/large.py", 100_000,
    "$host/k/$slugs{large}", "$large/ledger";

local $ENV{KUJI_URL}   = site_url('first');
local $ENV{KUJI_SLUGS} = JSON::PP->new->encode(\%slugs);
local $ENV{KUJI_LARGE} = "$large/ledger";
local $ENV{CHROMIUM}   = $chromium;
exec 'node', "$FindBin::Bin/proof.mjs" or die "node: $!";
