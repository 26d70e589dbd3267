#!/usr/bin/perl
# Gives prizes.mjs a campaign of every kind of prize, and lets it speak. With
# KUJI_SHOTS it leaves a picture of every page and state there.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use FindBin;
use JSON::PP ();
use Test::More;
use Kuji::Admin;
use Kuji::Test;
use Kuji::Winner;

plan skip_all => 'npm ci in t/browser was not run'
    if !-d "$FindBin::Bin/node_modules/playwright-core";
my ($chromium) = grep { -x } $ENV{CHROMIUM} // (), '/usr/bin/chromium';
plan skip_all => 'no chromium' if !$chromium;

ctl('postal', 'import', "$FindBin::Bin/../../conf/postal-sample.csv", '--sample');
my $day = 86_400_000;
my $now = time * 1000;

sub prizes {
    my ($kind, $name, %o) = @_;
    my %prize = %{ delete $o{prize} // {} };
    return campaign({
        title => 'さくら通り 夏の大抽選会', claim_days => 14, odds_total => 1,
        texts => { ja => { lead => 'ようこそ。', organiser => 'さくら通り商店街' } },
        privacy => { purpose => '賞品の発送にだけ使います。', retention_days => 30 },
        prizes => [ { code => 'A', grade => '一等', name => $name, kind => $kind, units => 1000, weight => 1, %prize } ], %o });
}

my $owner = Kuji::Admin->new;
$owner->ask('POST', '/admin/images', body => slurp_file("$ENV{KUJI_SRC}/t/unit/images/rgb.png"),
    headers => { 'Content-Type' => 'application/octet-stream', 'Sec-Fetch-Site' => 'same-origin' });
my ($picture) = $owner->get('/admin/images')->{text} =~ m{url\(/i/([\w.]+)\)} or die 'no image';

my %coupon = (image => $picture, terms => "一回のお会計で、おひとり一枚。\nほかの割引とは併用できません。");
my %slugs  = (
    parcel => prizes('parcel', '有田焼の湯のみ 二客セット', claim_fields => [ 'name', 'kana', 'postal', 'address', 'phone',
            { name => 'mail', required => JSON::PP::false() },
            { name => 'note', required => JSON::PP::false(), label => 'のしの名入れをご希望の方は、お名前をお書きください。' } ]),
    gift   => prizes('gift_code', '電子マネー 1,000 円分', prize => { image => $picture }),
    owed   => prizes('gift_code', '電子マネー 1,000 円分'),
    coupon => prizes('coupon', '抹茶ラテ 一杯 無料', prize => { %coupon, valid_from => $now - $day, valid_until => $now + 6.5 * $day }),
    late   => prizes('coupon', '抹茶ラテ 一杯 無料', prize => { %coupon, valid_until => $now - $day }),
    link   => prizes('link', 'オリジナル壁紙', prize => { url => 'https://example.com/wallpaper' }),
    message => prizes('message', '特製おみくじ', prize => { message => "大吉。\n待ち人、きっと来ます。" }),
);
for my $slug (@slugs{qw(coupon late)}) {
    $owner->send("/admin/campaigns/$slug/shops", name => 'さくら通り本店', passcode => 'SAKURA77');
}
$owner->send("/admin/campaigns/$slugs{gift}/gifts/A", list => join "\n", map { "KUJI-2026-ABCD-000$_" } 1 .. 9);

# Others: one whose days to claim have gone, one whose parcel is on its way, one
# whose win was taken back.
my %who = map { $_ => winner($slugs{parcel}) } qw(late shipped void);
my $at  = "/admin/campaigns/$slugs{parcel}";
win_ago($slugs{parcel}, $who{late}, 20);
claim($slugs{parcel}, $who{shipped}, %taro, kana => 'ヤマダ タロウ');
$owner->send("$at/claims/shipped", list => "$who{shipped}{n},1234-5678-9012\n");
$owner->send("$at/draws/$who{void}{n}/void", reason => 'declined', note => 'ご本人からのお電話', confirm => $who{void}{n});
my %others = map {
    my @pairs = map { [ split /=/, $_, 2 ] } split /; */, $who{$_}->cookies("/k/$slugs{parcel}/");
    $_ => { n => $who{$_}{n}, cookies => [ map { { name => $_->[0], value => $_->[1] } } @pairs ] }
} keys %who;
local $ENV{KUJI_OTHERS} = JSON::PP->new->encode(\%others);

local $ENV{KUJI_URL}   = site_url('first');
local $ENV{KUJI_SLUGS} = JSON::PP->new->encode(\%slugs);
local $ENV{KUJI_LOGIN} = "$owner->{login} $owner->{password}";
local $ENV{CHROMIUM}   = $chromium;
exec 'node', "$FindBin::Bin/prizes.mjs" or die "node: $!";
