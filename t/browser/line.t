#!/usr/bin/perl
# Gives line.mjs a tenant whose messages by LINE have gone all ways, and lets it
# look at the console's pages of them.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use FindBin;
use Test::More;
use Kuji::LineSite;
use Time::HiRes qw(sleep time);

plan skip_all => 'npm ci in t/browser was not run'
    if !-d "$FindBin::Bin/node_modules/playwright-core";
my ($chromium) = grep { -x } $ENV{CHROMIUM} // (), '/usr/bin/chromium';
plan skip_all => 'no chromium' if !$chromium;

my $at   = Kuji::LineSite->new(servers => 1, threads => 32);
my $site = $at->{site};
my $slug = $site->campaign({ gates => ['line'], odds_total => 1, claim_days => 14, title => '秋のふくびき',
    prizes => [ { code => 'A', name => '温泉ペア宿泊券', kind => 'message', units => 1000, weight => 1 } ] });

sub win {
    my ($who, $count) = @_;
    my $r = Kuji::Test::request('POST', "/api/v1/campaigns/$slug/draws", site => $at->{name}, token => $site->{token},
        headers => { 'Idempotency-Key' => Kuji::Test::unique('k') }, json => { participant => $who, count => $count });
    die "$r->{status} $r->{content}" if $r->{status} != 201;
    return;
}

sub wait_for {
    my ($where, $count) = @_;
    my $end = time + 60;
    sleep 0.1 while $at->sql("SELECT count(*) FROM kuji.outbox WHERE $where") < $count && time < $end;
    return;
}

my ($alice, $bob) = map { $at->join($slug, $_) } qw(alice bob);
$at->friends('alice');
$at->hook({ events => [ $at->event('follow', 'alice'), $at->event('unfollow', 'bob') ] });
win($alice, 12);
win($bob, 3);
wait_for("state = 'sent'", 12);
wait_for("state = 'bounced'", 3);
$at->{line}->set('messaging.quota' => 12);
win($alice, 5);
wait_for("reason = 'monthly limit'", 5);

local $ENV{KUJI_URL}      = "http://127.0.0.1:$site->{port}";
local $ENV{KUJI_SLUG}     = $slug;
local $ENV{KUJI_LOGIN}    = 'owner';
local $ENV{KUJI_PASSWORD} = 'correct-horse-battery-9';
local $ENV{CHROMIUM}      = $chromium;
my $status = system 'node', "$FindBin::Bin/line.mjs";
exit($status >> 8 || ($status ? 1 : 0));
