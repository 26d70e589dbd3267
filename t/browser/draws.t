#!/usr/bin/perl
# Gives draws.mjs campaigns to draw from, on a bad line and with impatience.
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

my @prizes = ({ code => 'A', name => 'お買い物券', units => 100_000 });
my %slugs = (
    open => campaign({ prizes => \@prizes, reveal => 'plain' }),
    once => campaign({ prizes => \@prizes, reveal => 'plain',
            limits => { draws_per_participant => 1 } }),
    code => campaign({ prizes => \@prizes, reveal => 'plain', gates => ['code'] }),
);
my ($code) = split /\n/, ctl('codes', 'generate', 'first', $slugs{code}, '1');

local $ENV{KUJI_URL}   = site_url('first');
local $ENV{KUJI_SLUGS} = JSON::PP->new->encode(\%slugs);
local $ENV{KUJI_CODE}  = $code;
local $ENV{CHROMIUM}   = $chromium;
exec 'node', "$FindBin::Bin/draws.mjs" or die "node: $!";
