#!/usr/bin/perl
# Coupons: the screen, the shop's passcode, wrong ones, validity, once.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Kuji::Admin;
use Kuji::Form;
use Kuji::Test;
use Kuji::Volley qw(volley);
use Kuji::Winner;

my $owner = Kuji::Admin->new;

my $day  = 86_400_000;
my $now  = time * 1000;
my %soon = (valid_from => $now - $day, valid_until => $now + 7 * $day);

sub coupons {
    my (%prize) = @_;
    return campaign({ title => '夏の抽選会', odds_total => 1, prizes => [ { code => 'A', name => '抹茶ラテ一杯',
        kind => 'coupon', units => 1000, weight => 1, %prize } ] });
}

sub shop {
    my ($slug, $name, $passcode) = @_;
    my $r = $owner->send("/admin/campaigns/$slug/shops", name => $name, passcode => $passcode);
    is $r->{status}, 303, "$name: a shop" or diag $r->{text};
    return;
}

my $slug = coupons(%soon, terms => "おひとり一回限り。");
shop($slug, '本店', 'hon-ten 42');
shop($slug, '駅前店', '77EKIMAE');
my $me   = winner($slug);
my $path = claim_path($slug, $me);
my $page = $me->get($path);
is $page->{status}, 200, 'the screen';
like $page->{headers}{'cache-control'}, qr/no-store/, 'is not kept';
like $page->{text}, qr/抹茶ラテ一杯/, 'what it is for';
like $page->{text}, qr/おひとり一回限り。/, 'its terms';
like $page->{text}, qr/利用開始.*有効期限.*あと [67] 日/s, 'how long it holds good';
like $page->{text}, qr/class="coupon-moving"/, 'something that moves';
my ($shown) = $page->{text} =~ /data-now="(\d+)"/;
cmp_ok abs($shown - time * 1000), '<', 60_000, "the server's time";
is winner($slug)->get($path)->{status}, 404, "nobody else's";

# Wrong passcodes.
my $r;
for my $left (4, 3, 2, 1) {
    $r = claim($slug, $me, passcode => 'WRONG1');
    is $r->{status}, 422, 'a wrong one';
    like $r->{text}, qr/あと $left 回/, "$left left";
}
$r = claim($slug, $me, passcode => 'WRONG1');
is $r->{status}, 429, 'the fifth: a wait';
cmp_ok $r->{headers}{'retry-after'}, '<=', 901, 'of a quarter of an hour';
is claim($slug, $me, passcode => '77EKIMAE')->{status}, 429, 'also for the right one';
is claim_state($slug, $me), 'won', 'the coupon is as it was';
sql("UPDATE kuji.coupon_try SET since = since - 900000 WHERE n = $me->{n}");
is claim($slug, $me, passcode => $_)->{status}, 422, 'no passcode at all' for '', '   ';

# The right one, as people type it.
$r = claim($slug, $me, passcode => '７７ｅｋｉ−ｍａｅ');
is $r->{status}, 303, 'torn off';
$page = $me->get($path)->{text};
like $page, qr/使用済み/, 'it says so';
like $page, qr/駅前店/, 'and which shop';
like $page, qr/coupon-stamp.*<time datetime="20\d\d-.*coupon-shop/s, 'and when';
unlike $page, qr/name="passcode"|coupon-moving/, 'nothing is left to tear';
is claim($slug, $me, passcode => '77EKIMAE')->{status}, 409, 'not twice';
is claim_state($slug, $me), 'redeemed', 'redeemed';
like $me->get("/k/$slug/me")->{text}, qr/使用済み/, 'among my results';
is sql("SELECT count(*) FROM kuji.shop WHERE encode(digest, 'escape') ~* 'ekimae' OR name ~* '77ekimae'"), '0',
    'no passcode in the database';

# The console sees it.
my $console = $owner;
like $console->get("/admin/campaigns/$slug/draws/$me->{n}")->{text}, qr/引き換えた店舗.*駅前店/s, 'the draw';
like $console->get("/admin/campaigns/$slug/claims?n=$me->{n}")->{text}, qr/駅前店/, 'the shop desk';
like $console->get("/admin/campaigns/$slug/exports/claims.csv?encoding=utf-8")->{text}, qr/,駅前店,[-\d: ]*,,\r?$/m, 'the export';
like $console->get("/admin/campaigns/$slug/shops")->{text}, qr/駅前店.*?<td class="num">1</s, 'the shops';

# Too many wrong ones for good.
my $guess = winner($slug);
for (1 .. 4) {
    claim($slug, $guess, passcode => "NO$_$_") for 1 .. 5;
    sql("UPDATE kuji.coupon_try SET since = since - 900000 WHERE n = $guess->{n}");
}
$r = claim($slug, $guess, passcode => '77EKIMAE');
is $r->{status}, 409, 'after twenty only the console';
like $r->{text}, qr/管理画面から/, 'and the page says so';
is $console->send("/admin/campaigns/$slug/claims", n => $guess->{n}, to => 'redeemed')->{status}, 303, 'which does';
like $guess->get(claim_path($slug, $guess))->{text}, qr/使用済み/, 'used';

# A shop that is stopped, and a new passcode.
my ($id) = $console->get("/admin/campaigns/$slug/shops")->{text} =~ m{本店.*?/shops/(\d+)/passcode}s;
my $who = winner($slug);
is $console->send("/admin/campaigns/$slug/shops/$id/disable")->{status}, 303, 'stopped';
is claim($slug, $who, passcode => 'HONTEN42')->{status}, 422, 'opens nothing';
is $console->send("/admin/campaigns/$slug/shops/$id/enable")->{status}, 303, 'resumed';
is $console->send("/admin/campaigns/$slug/shops/$id/passcode", passcode => 'NEW-4242')->{status}, 303, 'a new one';
is claim($slug, $who, passcode => 'HONTEN42')->{status}, 422, 'the old one opens nothing';
is claim($slug, $who, passcode => 'new4242')->{status}, 303, 'the new one does';

# Another campaign's shop.
my $other = coupons();
shop($other, 'よその店', 'YOSONO99');
is claim($slug, winner($slug), passcode => 'YOSONO99')->{status}, 422, "another campaign's passcode";

# Early, late, claimed too late.
my $early = coupons(valid_from => $now + $day, valid_until => $now + 2 * $day);
shop($early, '店', 'SHOP1234');
$who = winner($early);
like $who->get(claim_path($early, $who))->{text}, qr/まだお使いいただけません/, 'early';
is claim($early, $who, passcode => 'SHOP1234')->{status}, 409, 'not yet';
my $late = coupons(valid_until => $now - $day);
shop($late, '店', 'SHOP1234');
$who = winner($late);
like $who->get(claim_path($late, $who))->{text}, qr/有効期限が過ぎました/, 'late';
is claim($late, $who, passcode => 'SHOP1234')->{status}, 409, 'no longer';
like $who->get("/k/$late/me")->{text}, qr/期限切れ/, 'my results say so too';

# 200 at once: the same coupon, with the right passcode.
$who = winner($slug);
my @answers = volley((claim_request($slug, $who, passcode => 'NEW4242')) x 200);
my %count;
$count{ $_->{status} }++ for @answers;
is $count{303}, 1, '200 at once: one is torn off' or diag explain \%count;
is +($count{409} // 0) + ($count{503} // 0), 199, 'the others are told';
is sql("SELECT count(*) FROM kuji.redemption r JOIN kuji.campaign c ON c.id = r.campaign_id
         WHERE c.slug = '$slug' AND r.n = $who->{n}"), '1', 'one redemption';
is claim_state($slug, $who), 'redeemed', 'redeemed';

# 200 wrong ones at once are no more tries than one after the other.
$who = winner($slug);
%count = ();
$count{ $_->{status} }++ for volley((claim_request($slug, $who, passcode => 'WRONG999')) x 200);
is $count{422}, 4, '200 wrong at once: four are looked at and the fifth waits' or diag explain \%count;
is sql("SELECT total FROM kuji.coupon_try t JOIN kuji.campaign c ON c.id = t.campaign_id
         WHERE c.slug = '$slug' AND t.n = $who->{n}"), '5', 'five were counted';

done_testing;
