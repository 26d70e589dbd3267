#!/usr/bin/perl
# Gives console.mjs campaigns in every state, with people, parcels, gifts,
# images and files, and lets it speak. KUJI_SHOTS=DIR keeps what it saw.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use FindBin;
use JSON::PP ();
use Test::More;
use Kuji::Admin;
use Kuji::Campaign qw(now_ms);
use Kuji::Form;
use Kuji::Mail;
use Kuji::Routes;
use Kuji::Test;
use Kuji::Winner;

plan skip_all => 'npm ci in t/browser was not run'
    if !-d "$FindBin::Bin/node_modules/playwright-core";
my ($chromium) = grep { -x } $ENV{CHROMIUM} // (), '/usr/bin/chromium';
plan skip_all => 'no chromium' if !$chromium;

my $owner  = Kuji::Admin->new(login => unique('tanaka') . '@example.jp');
my @prizes = (
    { code => 'A', grade => '一等', name => '湯けむり温泉旅館 一泊二日 ペア宿泊券', units => 2, kind => 'parcel' },
    { code => 'B', grade => '二等', name => '商店街共通商品券 5,000 円分', units => 30, kind => 'gift_code' },
    { code => 'C', name => '焙煎したての珈琲豆 200g', units => 500, kind => 'coupon' });
my @odds = map { +{ %{ $prizes[$_] }, weight => (5, 200, 4000)[$_] } } 0 .. 2;
my %raffle = (method => 'raffle', alternates => 3, limits => {},
    prizes => [ { %{ $prizes[0] }, name => '新米 10kg' } ]);
my %slug = (
    draft => campaign({ title => '歳末大福引', prizes => \@odds, odds_total => 10_000 }, draft => 1),
    empty => campaign({ title => '春のスタンプラリー', prizes => [], privacy => {} }, draft => 1),
    live  => campaign({ title => '秋の収穫祭 大抽選会', prizes => \@odds, odds_total => 10_000 }),
    coded => campaign({ title => 'レシート抽選', method => 'box', blanks => 900, gates => ['code'], prizes => \@prizes }),
    moment => campaign({ title => '一瞬の運だめし', method => 'moment', prizes => \@prizes }, draft => 1),
    raffle => campaign({ title => '新米プレゼント', %raffle }),
    run    => campaign({ title => '味噌プレゼント', closes_at => now_ms() + 6000, %raffle }),
    won    => winners_campaign(title => '夏祭り 浴衣でくじ引き',
        claim_fields => [qw(name kana postal address phone mail)]),
    mailed => winners_campaign(title => '会員さま限定 冬のおくりもの', gates => ['email'], claim_days => 14,
        claim_fields => [qw(name postal address phone)]),
    gifts => winners_campaign(title => 'アプリ会員さま限定 デジタルギフト', kind => 'gift_code'),
);
draw($slug{live}) for 1 .. 40;
draw($slug{raffle}, participant => 'p' . $_ % 9) for 1 .. 12;
draw($slug{run}, participant => "p$_") for 1 .. 12;
ctl('codes', 'generate', 'first', $slug{coded}, 200, '--name', '駅前店のチラシ');
ctl('codes', 'generate', 'first', $slug{coded}, 50, '--name', '駅の反対側の本店で配る、とても長い名前のついた束', '--uses', 3);

# Parcels and people.
my @name = ('山田 太郎', '佐藤 花子', '長宗我部 幸之助');
my @who  = map { winner($slug{won}) } 1 .. 6;
for my $i (0 .. 2) {
    claim($slug{won}, $who[$i], %taro, name => $name[$i], kana => 'ヤマダ タロウ', mail => "guest$i\@example.jp",
        address => '札幌市中央区北一条西二丁目 3-4 ハイツさっぽろ大通公園前 205 号室');
}
my $at = "/admin/campaigns/$slug{won}";
$owner->send("$at/claims/shipped", list => "2,1234-5678-9012\n");
$owner->send("$at/draws/4/void", reason => 'declined', note => 'ご本人からのお電話', confirm => 4);

# Mails in every state: two participants, one of whom has not drawn.
my @mailed = map { [ Kuji::Form->new, "guest-$$-$_\@example.jp" ] } 1 .. 2;
for (@mailed) {
    my ($me, $address) = @$_;
    my ($c) = Kuji::Admin::send($me, "/k/$slug{mailed}/mail", address => $address)->{headers}{location} =~ /c=(\S+)/;
    my ($code) = code_of((mails($address, 1))[0]);
    Kuji::Admin::send($me, "/k/$slug{mailed}/mail/code", challenge => $c, code => $code);
}
for (1 .. 4) {
    my $me = $mailed[0][0];
    my $r  = $me->post($slug{mailed}, $me->form($slug{mailed}));
    ($me->{n}) = $r->{headers}{location} =~ m{/draws/(\d+)$};
}
claim($slug{mailed}, $mailed[0][0], %taro);
mails($mailed[0][1], 6);
sql("INSERT INTO kuji.outbox (campaign_id, tenant_id, n, created_at, due_at, expires_at, ended_at, tries, kind, state,
        reason, participant)
    SELECT c.id, c.tenant_id, x.n, t.now - x.ago * 60000, t.now + 600000, t.now + 86400000,
           CASE WHEN x.state <> 'queued' THEN t.now END, x.tries, x.kind, x.state, x.reason, d.participant
      FROM kuji.campaign c
     CROSS JOIN (SELECT kuji_api.now_ms() AS now) t
     CROSS JOIN (VALUES (1, 'shipped', 'bounced', '550 5.1.1', 1, 5), (2, 'shipped', 'gave_up', 'no address', 0, 7),
                        (3, 'remind', 'gave_up', '452 4.2.2', 9, 9), (3, 'shipped', 'queued', '421 4.3.2', 3, 30),
                        (4, 'remind', 'queued', 'certificate', 2, 20)) x (n, kind, state, reason, tries, ago)
      JOIN kuji.draw d ON d.campaign_id = c.id AND d.n = x.n
     WHERE c.slug = '$slug{mailed}'");
sql("INSERT INTO kuji.outbox (campaign_id, tenant_id, created_at, due_at, expires_at, ended_at, tries, kind, state)
    SELECT id, tenant_id, kuji_api.now_ms() - 172800000 - g, 1, kuji_api.now_ms(), kuji_api.now_ms() - 172800000, 1, 'code', 'sent'
      FROM kuji.campaign CROSS JOIN generate_series(1, 60) g WHERE slug = '$slug{mailed}'");
my ($visitor) = sql("SELECT encode(m.digest, 'hex')::uuid FROM kuji.participant_mail m
    JOIN kuji.campaign c ON c.id = m.campaign_id
    WHERE c.slug = '$slug{mailed}' AND NOT EXISTS (SELECT FROM kuji.draw d
        WHERE d.campaign_id = m.campaign_id AND d.participant = m.digest)");

# Gifts: one handed out, too few left.
my $gifts = "/admin/campaigns/$slug{gifts}/gifts/A";
claim($slug{gifts}, winner($slug{gifts}));
$owner->send($gifts, list => "GIFT-0001\nGIFT-0002\n");
$owner->send("$gifts/threshold", warn_at => 20);

# Images, a theme, files.
for my $name (qw(rgb.png baseline.jpg still.gif)) {
    $owner->ask('POST', '/admin/images', body => slurp_file("$ENV{KUJI_SRC}/t/unit/images/$name"),
        headers => { 'Content-Type' => 'application/octet-stream', 'Sec-Fetch-Site' => 'same-origin' });
}
$owner->send("/admin/campaigns/$slug{live}/theme", expected => 0, base => 'wakaba', css => '', save => 1);
$owner->get("$at/exports/$_") for 'winners.csv', 'claims.csv?encoding=cp932', 'draws.jsonl?from=2026-01-01';

sleep 1 while now_ms() <= sql("SELECT closes_at FROM kuji.campaign WHERE slug = '$slug{run}'");
request('POST', "/api/v1/campaigns/$slug{run}/raffle", token => 'first', json => {});

my @shown = grep { $_->{method} eq 'GET' && $_->{path} !~ /\.(?:csv|jsonl|css|svg)$|login$|invitation$|preview$/ } admin_routes();
local $ENV{KUJI_URL}   = site_url('first');
local $ENV{KUJI_ADMIN} = JSON::PP->new->encode({ login => $owner->{login}, password => $owner->{password} });
local $ENV{KUJI_CAMPAIGNS} = JSON::PP->new->encode(\%slug);
local $ENV{KUJI_IDS}   = JSON::PP->new->encode({ account => $owner->{id}, person => "$slug{won}/3",
    mailed => "$slug{mailed}/1", visitor => "$slug{mailed}/gate/$visitor", address => $mailed[1][1] });
local $ENV{KUJI_ROUTES} = JSON::PP->new->encode([ map { $_->{path} } @shown ]);
local $ENV{CHROMIUM}    = $chromium;
exec 'node', "$FindBin::Bin/console.mjs" or die "node: $!";
