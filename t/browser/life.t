#!/usr/bin/perl
# Gives life.mjs an owner, and lets it speak.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
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

local $ENV{KUJI_URL}   = site_url('first');
local $ENV{KUJI_ADMIN} = JSON::PP->new->encode(\%owner);
local $ENV{CHROMIUM}   = $chromium;
exec 'node', "$FindBin::Bin/life.mjs" or die "node: $!";
