#!/usr/bin/perl
# Gives gates.mjs a campaign for each gate, and lets it speak.
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

my %theme = (code => 'ennichi', passphrase => 'yuki', api => 'wakaba', both => 'mono');
my %gates = (code => ['code'], passphrase => ['passphrase'], api => ['api'],
    both => [ 'code', 'passphrase' ]);
my %slug = map {
    $_ => campaign({ title => '秋の大抽選会', gates => $gates{$_}, theme => $theme{$_},
        privacy => { purpose => '賞品の発送にだけ使います。', retention_days => 30 } },
        passphrases => 'あきまつり')
} keys %gates;
my %given = map { $_ => (split /\n/, ctl('codes', 'generate', 'first', $slug{$_}, '1'))[0] } qw(code both);
$given{link} = request('POST', "/api/v1/campaigns/$slug{api}/links", token => 'first',
    json => { participant => 'p' })->{json}{url} =~ s{^https?://[^/]+}{}r;
sleep 3;    # every process has the passphrases

local $ENV{KUJI_SLUGS} = JSON::PP->new->encode(\%slug);
local $ENV{KUJI_GIVEN} = JSON::PP->new->encode(\%given);
local $ENV{KUJI_URL}   = site_url('first');
local $ENV{CHROMIUM}   = $chromium;
exec 'node', "$FindBin::Bin/gates.mjs" or die "node: $!";
