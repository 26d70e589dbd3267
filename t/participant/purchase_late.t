#!/usr/bin/perl
# Purchases that nobody pays in time: a code that has run out is shown to nobody,
# another order comes only once the one of before is over, and what the provider
# does not know any more is given up after a day.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Kuji::Form ();
use Kuji::Pay  ();
use Kuji::Test;

my $pay  = Kuji::Pay->new(provider => 'paypay');
my $line = $pay->{line};
my $slug = $pay->campaign;
my $link = qr{href="\Q@{[ $line->url('/_pay/paypay') ]}\E};

# Moves the end of an order's code; the provider's clock stays.
sub late {
    my ($order, $ms) = @_;
    sql("UPDATE kuji.payment SET expires_at = kuji_api.now_ms() - $ms WHERE order_id = '$order'");
    return;
}
sub codes { return scalar grep { $_->{method} eq 'POST' } $line->requests('/v2/codes') }

# ---- a code that has run out ----
my $me    = Kuji::Form->new;
$me->get("/k/$slug");
my $order = $pay->buy($me, $slug);
my $left  = $pay->of($order, 'expires_at - kuji_api.now_ms()');
ok $left > 200_000 && $left <= 300_000, "the end of the code is kept: $left ms";
like $me->get("/k/$slug/pay/$order?go=1")->{text}, $link, 'until then it is a link';
unlike $me->get("/k/$slug")->{text}, qr{action="/k/$slug/buy"}, 'and nothing else is offered';
late($order, 1);
my $page = $me->get("/k/$slug/pay/$order")->{text};
like $page, qr/お支払いの期限が過ぎました/, 'then it says so';
unlike $page, $link, 'and leads nowhere';
is $pay->of($order, 'state'), 'waiting', 'the provider has not said so yet';
my $again = $pay->press($me, $slug, 'another-press');
is $again->{headers}{location}, "/k/$slug/pay/$order", 'who buys again is led to the order of before';
is codes(), 1, 'no second code';
my ($one, $two) = parallel(2, sub { $pay->press($me, $slug, "tab-$_[0]")->{headers}{location} });
is_deeply [ $one, $two ], [ ("/k/$slug/pay/$order") x 2 ], 'in two tabs at once neither';
$line->control(paypay => [ $order, 'expire' ]);
$pay->due($order);
ok $pay->wait_for($order, "state = 'expired' AND expires_at IS NULL"), 'the provider says that it is over';
like $me->get("/k/$slug/pay/$order")->{text}, qr/お支払いは行われませんでした/, 'nothing was paid';
like $me->get("/k/$slug")->{text}, qr{action="/k/$slug/buy"}, 'now there is something to buy';
my $next = $pay->buy($me, $slug);
isnt $next, $order, 'another order';
is codes(), 2, 'and another code';

# ---- paid in the last moment, and found out after it ----
late($next, 1);
$line->control(paypay => [ $next, 'pay' ]);
like $me->get("/k/$slug/pay/$next")->{text}, qr/お支払いが済みました/, 'paid before it ran out';
is $me->post($slug, $me->form($slug))->{status}, 303, 'and drawn';

# ---- a provider that does not know codes that nobody paid ----
$line->set('paypay.unpaid' => 'NOT_FOUND');
$order = $pay->buy($me, $slug);
late($order, 410_000);
$pay->due($order);
ok $pay->wait_for($order, 'tries > 0'), 'looked at';
is $pay->of($order, 'state'), 'waiting', 'it may still come about';
late($order, 421_000);
$pay->due($order);
ok $pay->wait_for($order, "state = 'expired'"), 'some minutes after its end it will not';
$line->set('paypay.unpaid' => 'CREATED');

# ---- the counter ----
my $staff = Kuji::Admin->new(role => 'staff');
my $base  = "/admin/campaigns/$slug/pay";
my ($key) = $staff->get($base)->{text} =~ /name="key" value="([^"]+)"/;
like $staff->send($base, key => $key)->{text}, qr/お客さまに読み取ってもらう/, 'a code to scan';
$order = $pay->newest;
late($order, 1);
$page = $staff->send($base, key => $key, again => 'yes')->{text};
like $page, qr/QRコードの期限が過ぎました/, 'has run out';
unlike $page, qr/お客さまに読み取ってもらう/, 'and is not shown';
$line->control(paypay => [ $order, 'expire' ]);
like $staff->send($base, key => $key, again => 'yes')->{text}, qr/代金はかかっていません/, 'nothing was paid';

# ---- a day in doubt ----
my $taiwan = Kuji::Pay->new(owner => $pay->{owner}, line => $line);
my $online = $taiwan->campaign;
my $he     = Kuji::Form->new;
$he->get("/k/$online");
$order = $taiwan->buy($he, $online);
$line->set('pay.requests' => {});    # LINE has forgotten it
$taiwan->due($order, 86_300_000);
ok $taiwan->wait_for($order, 'tries > 0'), 'looked at';
is $taiwan->of($order, 'state'), 'waiting', 'in doubt for almost a day';
like $he->get("/k/$online")->{text}, qr{/k/$online/pay/$order}, 'its page says so';
$taiwan->due($order, 100_000);
ok $taiwan->wait_for($order, "state = 'expired' AND next_check_at IS NULL"), 'given up after a day';
is_deeply $taiwan->charged($order), [], 'nothing was charged';
like $he->get("/k/$online")->{text}, qr{action="/k/$online/buy"}, 'and may be bought anew';

done_testing;
