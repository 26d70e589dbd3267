#!/usr/bin/perl
# What a winner does to get the prize: a form, a code, a screen for the shop;
# and nobody sees another's.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Kuji::Form;
use Kuji::Test;
use Kuji::Winner;

# A parcel.
my $slug = winners_campaign();
my $me   = winner($slug);
my $path = claim_path($slug, $me);
like $me->get("/k/$slug/draws/$me->{n}")->{text}, qr/href="\Q$path\E">賞品の受け取りに進む/, 'the result leads there';
my $page = $me->get($path);
is $page->{status}, 200, 'the form';
like $page->{headers}{'cache-control'}, qr/no-store/, 'is not kept';
like $page->{text}, qr/<label for="c-street">町名・番地/, 'asks for the address';
unlike $page->{text}, qr/name="mail"/, 'and not for what it need not know';
is winner($slug)->get($path)->{status}, 404, 'somebody else finds nothing';
is +Kuji::Form->new->get($path)->{status}, 404, 'nobody neither';
my $r = claim($slug, $me, %taro, street => ' ');
is $r->{status}, 422, 'a field is empty';
like $r->{text}, qr/value="山田 太郎"/, 'the others are there again';
is claim($slug, winner($slug), %taro, _headers => { 'Sec-Fetch-Site' => 'cross-site' })->{status}, 403,
    'not from another site';
$r = claim($slug, $me, %taro, admin => 'x', state => 'shipped');
is $r->{status}, 303, 'sent';
is $r->{headers}{location}, $path, 'back to the page';
like $me->get($path)->{text}, qr/手続きを受け付けました。/, 'which says so';
unlike $me->get($path)->{text}, qr/札幌市/, 'and does not show the address again';
is sql("SELECT c.state FROM kuji.claim c JOIN kuji.campaign k ON k.id = c.campaign_id
         WHERE k.slug = '$slug' AND c.n = $me->{n}"), 'claimed', 'claimed';
is claim($slug, $me, %taro, name => '山田 花子')->{status}, 303, 'it can be put right';
is claim($slug, $me, %taro, name => "山田\x{7}")->{status}, 422, 'with no control character';
is sql("SELECT count(*) FROM kuji.claim_detail d WHERE encode(d.data, 'escape') LIKE '%090-%'"), '0',
    'nothing of it is plain in the database';
is claim($slug, $me, %taro, map({ ; "x$_" => 'y' } 1 .. 300))->{status}, 413, 'too many fields';

# What the campaign's close changes: nothing for winners.
ctl('campaign', 'close', 'first', $slug, '--reason', 'early');
is claim($slug, $me, %taro)->{status}, 303, 'after the close too';

# A gift code.
$slug = winners_campaign(kind => 'gift_code');
$me   = winner($slug);
$path = claim_path($slug, $me);
like $me->get($path)->{text}, qr/コードを表示する/, 'a button';
is claim($slug, winner($slug))->{status}, 303, 'whoever comes before the codes';
is claim($slug, $me)->{status}, 303, 'waits';
like $me->get($path)->{text}, qr/ご用意でき次第/, 'and is told so';

# A coupon.
$slug = winners_campaign(kind => 'coupon');
$me   = winner($slug);
$path = claim_path($slug, $me);
like $me->get($path)->{text}, qr/この画面をお店の方にお見せください。/, 'to be shown in the shop';
is claim($slug, $me, %taro)->{status}, 422, 'there is nothing to send but a passcode';

# No win, no such draw.
my $none = campaign({ method => 'box', blanks => 5, prizes => [ { code => 'A', units => 1 } ] });
my ($blank) = grep {
    sql("SELECT count(*) FROM kuji.claim c JOIN kuji.campaign k ON k.id = c.campaign_id
          WHERE k.slug = '$none' AND c.n = $_->{n}") eq '0'
} map { winner($none) } 1 .. 2;
is $blank->get(claim_path($none, $blank))->{status}, 404, 'a blank has nothing to claim';
is $blank->get("/k/$none/claims/99")->{status}, 404, 'nor has what was not drawn';

done_testing;
