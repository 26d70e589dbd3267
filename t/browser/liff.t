#!/usr/bin/perl
# Gives liff.mjs campaigns behind LINE, tokens of LIFF, and lets it speak.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use FindBin;
use JSON::PP ();
use Test::More;
use Kuji::Admin;
use Kuji::Line;
use Kuji::Test;

plan skip_all => 'npm ci in t/browser was not run'
    if !-d "$FindBin::Bin/node_modules/playwright-core";
my ($chromium) = grep { -x } $ENV{CHROMIUM} // (), '/usr/bin/chromium';
plan skip_all => 'no chromium' if !$chromium;

my $line = Kuji::Line->new;
my ($channel, $secret) = ('1657000001', 's' x 32);
my ($host) = sql("SELECT host FROM kuji.tenant WHERE name = 'first'");
$line->set(channels => {$channel => {secret => $secret, redirect => ["http://$host/login/line/callback"]}});
my $owner = Kuji::Admin->new;
sql("DELETE FROM kuji.line l USING kuji.tenant t WHERE t.id = l.tenant_id AND t.name = 'first'");

sub save {
    my (%more) = @_;
    my ($expected) = $owner->get('/admin/line')->{text} =~ /name="expected" value="(\d+)"/;
    my $saved = $owner->send('/admin/line', expected => $expected, channel => $channel, secret => $secret,
        bot_prompt => 'none', liff => "$channel-AbcdEfgh", friend => '@kujiya',
        access => $line->url(''), api => $line->url(''), %more);
    die $saved->{status} if $saved->{status} != 303;
}

my %more = (title => '秋の大抽選会', privacy => { purpose => '賞品の発送にだけ使います。', retention_days => 30 });
my %slug = (
    plain  => campaign({ %more, gates => ['line'], theme => 'ennichi' }),
    coded  => campaign({ %more, gates => [ 'line', 'code' ], theme => 'yuki' }),
    asks   => campaign({ title => '秋の大抽選会', gates => ['line'], theme => 'ennichi' }),
    wakaba => campaign({ %more, gates => ['line'], theme => 'wakaba' }),
    mono   => campaign({ %more, gates => ['line'], theme => 'mono' }));

sub minted { return $line->control(mint => {client => $channel, user => $_[0]}) }

my %token = map { $_ => minted($_)->{id_token} } qw(arrives tells scans);
$token{$_} = [ @{ minted($_) }{qw(id_token access_token)} ] for qw(asks declines);
my ($code) = split /\n/, ctl('codes', 'generate', 'first', $slug{coded}, '1');

local $ENV{KUJI_SLUGS}  = JSON::PP->new->encode(\%slug);
local $ENV{KUJI_TOKENS} = JSON::PP->new->encode(\%token);
local $ENV{KUJI_CODE}   = $code;
local $ENV{KUJI_URL}    = site_url('first');
local $ENV{KUJI_LINE}   = $line->url('');
local $ENV{KUJI_LIFF_MOCK} = "$ENV{KUJI_SCRATCH}/inst/liff-mock.js";
local $ENV{CHROMIUM}    = $chromium;
my $part = sub {
    my ($name, $asks, %settings) = @_;
    save(%settings);
    local $ENV{KUJI_ASKS} = $asks;
    subtest $name => sub {
        open my $out, '-|', 'node', "$FindBin::Bin/liff.mjs" or die $!;
        while (my $line = <$out>) {
            if (my ($not, $what) = $line =~ /^(not )?ok \d+ - (.*)/) { ok !$not, $what }
            elsif ($line =~ /^# (.*)/) { diag $1 }
        }
        ok close($out), 'to the end';
    };
};
$part->('name and picture are not asked for', '');
expect_log(qr/KJ0601/);
$part->('they are', '1', profile => 'yes');
$part->('only friends may draw', 'friends', profile => 'yes', friendship => 'yes');
$line->stop;
done_testing;
