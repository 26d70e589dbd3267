#!/usr/bin/perl
# The gate `purchase` on a campaign's page: goods are bought, the purchase gives
# the right to draw, once, whatever the way back looked like.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use JSON::PP   ();
use Kuji::Form ();
use Kuji::Pay  ();
use Kuji::Test;

my $pay  = Kuji::Pay->new;
my $slug = $pay->campaign(draws => 2);
my $me   = Kuji::Form->new;

# ---- what the page says ----
my $page = $me->get("/k/$slug");
is $page->{status}, 200, 'the page';
like $page->{text}, qr/高山ウーロン茶.*NT\$100/s, 'names the goods and their price';
like $page->{text}, qr/お支払いは商品の代金です。くじに料金はかかりません。/, 'and that the draw costs nothing';
unlike $page->{text}, qr{action="/k/$slug/draw"}, 'there is nothing to draw yet';
is $me->post($slug, key => 'too-early')->{status}, 403, 'nor is anything drawn';

# ---- there and back ----
my $go = $pay->press($me, $slug);
is $go->{status}, 303, 'the button';
my $order = $pay->newest;
is $go->{headers}{location}, "/k/$slug/pay/$order?go=1", 'leads to the order';
like $me->get($go->{headers}{location})->{text}, qr{href="\Q@{[ $pay->{line}->url('/_pay/line') ]}\E[^"]+"},
    'and from there a link to the provider';
is $pay->of($order, "state || ' ' || coalesce(asked::text, '-')"), 'waiting -', 'which waits for the customer';
is_deeply $pay->charged($order), [], 'nothing is charged';
like $me->get("/k/$slug")->{text}, qr{/k/$slug/pay/$order}, 'the page knows of it';
my $there = $me->get("/k/$slug/pay/$order");
like $there->{text}, qr/お支払いの途中です/, 'a look before the end';
my $back = $pay->decide($order, 'agree');
my $paid = $me->get($back);
is $paid->{status}, 200, 'back again';
like $paid->{text}, qr/お支払いが済みました/, 'paid';
is scalar @{ $pay->charged($order) }, 1, 'charged once';
is $pay->charged($order)->[0]{amount}, '100', 'the price';
is $pay->of($order, "state || ' ' || captured || ' ' || (entry IS NOT NULL)"), 'captured 10000 true', 'with its right';
like $me->get($back)->{text}, qr/お支払いが済みました/, 'reloading changes nothing';
is scalar @{ $pay->charged($order) }, 1, 'still charged once';
is scalar(sql("SELECT count(*) FROM kuji.link l JOIN kuji.payment p ON p.entry = l.digest WHERE p.order_id = '$order'")),
    1, 'one right';

# ---- drawing ----
$page = $me->get("/k/$slug");
like $page->{text}, qr/残り2回引けます/, 'two draws';
my %form = $me->form($slug);
is $me->post($slug, %form)->{status}, 303, 'one is drawn';
is $me->post($slug, $me->form($slug))->{status}, 303, 'and the other';
like $me->get("/k/$slug")->{text}, qr{action="/k/$slug/buy"}, 'then there is only more to buy';
is $me->post($slug, key => 'a-third')->{status}, 403, 'a third is not there';

# ---- somebody else's eyes ----
my $stranger = Kuji::Form->new;
$stranger->get("/k/$slug");
my $theirs = $stranger->get("/k/$slug/pay/$order");
like $theirs->{text}, qr/購入を始めたブラウザーで/, 'another browser is sent to the first one';
unlike $theirs->{text}, qr/高山ウーロン茶/, 'and learns nothing';
is $stranger->post($slug, key => 'stolen')->{status}, 403, 'nor draws';
is $stranger->get("/k/$slug/pay/kuji-0000")->{status}, 404, 'an order that is none';

# ---- the same press twice, and a lost answer ----
my $key = { $me->form($slug) }->{key};
my ($one, $two) = map { $pay->press($me, $slug, $key) } 1, 2;
is $one->{headers}{location}, $two->{headers}{location}, 'pressed twice: the same place';
is scalar(sql("SELECT count(*) FROM kuji.payment p JOIN kuji.campaign c ON c.id = p.campaign_id WHERE c.slug = '$slug'")),
    2, 'and one order more';
$order = $pay->newest;
$pay->decide($order, 'agree');
$pay->due($order);
ok $pay->wait_for($order, "state = 'captured'"), 'who never comes back has paid all the same: the job confirms';
is scalar @{ $pay->charged($order) }, 1, 'once';
like $me->get("/k/$slug")->{text}, qr/残り2回引けます/, 'and may draw, without the way back';

# An answer that is lost after the provider did it: nobody charges again.
my $he = Kuji::Form->new;
$order = $pay->buy($he, $slug);
$pay->{line}->fault('/v4/payments/' . $pay->of($order, 'transaction_id') . '/confirm', 'drop_after');
$page = $he->get($pay->decide($order, 'agree'));
like $page->{text}, qr/お支払いを確認しています/, 'the answer is lost: not known yet';
is $pay->of($order, "state || ' ' || asked"), 'agreed confirm', 'as the table has it';
is $he->post($slug, key => 'not-yet')->{status}, 403, 'nothing to draw yet';
like $he->get("/k/$slug")->{text}, qr/お支払いを確認しています/, 'the page says so too';
$pay->due($order);
ok $pay->wait_for($order, "state = 'captured' AND asked IS NULL"), 'then it is looked up';
is scalar @{ $pay->charged($order) }, 1, 'and charged once';
is $he->post($slug, $he->form($slug))->{status}, 303, 'drawn';

# ---- many at once come back ----
my $she = Kuji::Form->new;
$order = $pay->buy($she, $slug);
$back  = $pay->decide($order, 'agree');
my @pages = parallel(40, sub { my $r; for (1 .. 5) { $r = $she->get($back); last if $r->{status} != 503 } $r->{status} });
is_deeply [ grep { $_ != 200 && $_ != 503 } @pages ], [], 'forty at once: everybody gets a page';
ok $pay->wait_for($order, "state = 'captured'"), 'paid';
is scalar @{ $pay->charged($order) }, 1, 'once';
is scalar(sql("SELECT count(*) FROM kuji.payment_event e JOIN kuji.payment p ON p.id = e.payment_id
    WHERE p.order_id = '$order' AND e.what = 'confirm.done'")), 1, 'confirmed once';

# ---- no ----
my $no = Kuji::Form->new;
$order = $pay->buy($no, $slug);
like $no->get($pay->decide($order, 'cancel'))->{text}, qr/お支払いは行われませんでした/, 'who cancels has not paid';
is $pay->of($order, 'state'), 'cancelled', 'as the table has it';
$pay->{line}->fault('/v4/payments/request', 'status', status => 200, body => '{"returnCode":"1104","returnMessage":"no"}');
$page = $no->get($pay->press($no, $slug)->{headers}{location});
like $page->{text}, qr/お支払いは行われませんでした/, 'refused at once';
is $no->ask('POST', "/k/$slug/buy", body => 'key=x', headers => { 'Sec-Fetch-Site' => 'cross-site',
    'Content-Type' => 'application/x-www-form-urlencoded' })->{status}, 403, 'not from another site';
my $fresh = Kuji::Form->new;
is $pay->press($fresh, $slug, 'no-cookie')->{status}, 400, 'not without the page';
is $pay->press($fresh, campaign({}), 'k')->{status}, 400, 'nor of a campaign that sells nothing';

# Each press costs the provider and us a call, and whoever presses nothing.
{
    my $bored = Kuji::Form->new;
    my @statuses = map { $bored->get("/k/$slug"); $pay->press($bored, $slug, "again-$_")->{status} } 1 .. 12;
    is_deeply [ @statuses[0 .. 9] ], [ (303) x 10 ], 'ten in a row';
    is $statuses[-1], 429, 'then not so fast';
    sql("UPDATE kuji.payment SET next_check_at = NULL, asked = NULL, asked_at = NULL, state = 'cancelled'
        WHERE state = 'waiting'");
}

# ---- another amount than was asked for ----
$pay->{line}->set('pay.mismatch' => 10);
$order = $pay->buy($no, $slug);
expect_log("payment $order: another amount was taken");
like $no->get($pay->decide($order, 'agree'))->{text}, qr/金額が違っています/, 'another amount is no purchase';
is $pay->of($order, 'mismatch AND entry IS NULL'), 't', 'and gives no right';
$pay->{line}->set('pay.mismatch' => 0);

# ---- the law ----
my $shut = campaign({ gates => ['purchase'], purchase => { goods => 'お茶', price => 1, currency => 'TWD', draws => 1 } },
    draft => 1);
my $r = request('POST', "/api/v1/campaigns/$shut/publish", token => 'first', json => {});
is $r->{status}, 400, 'goods that only come with a draw: not published';
like $r->{json}{detail}, qr/sold_alone/, 'and the reason';
for my $fee ('抽選券', '参 加 費', 'Entry  Fee', 'くじ引き券（１枚）') {
    $r = request('PATCH', "/api/v1/campaigns/$shut", token => 'first', json => { purchase => { goods => $fee } });
    is $r->{status}, 400, 'a fee is refused';
    like $r->{json}{detail}, qr/a draw is never sold/, 'and why';
}
$r = request('PATCH', "/api/v1/campaigns/$shut", token => 'first',
    json => { purchase => { goods => '宝くじ柄のタオル', sold_alone => JSON::PP::true, currency => 'JPY' } });
is $r->{status}, 200, 'goods are goods';
$r = request('POST', "/api/v1/campaigns/$shut/publish", token => 'first', json => {});
is $r->{status}, 409, 'but nobody takes yen here';
like $r->{json}{detail}, qr/payment provider/, 'as it says';

done_testing;
