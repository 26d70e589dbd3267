#!/usr/bin/perl
# LINE Pay Online by the paths of v3, from the button to the draw and the books.
# The counter speaks v4 all the same: Offline has no such headers before it.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Digest::SHA qw(hmac_sha256_base64);
use Encode qw(encode_utf8);
use Kuji::Form ();
use Kuji::Pay  ();
use Kuji::Test;

my $pay  = Kuji::Pay->new;
my $line = $pay->{line};
is $pay->save(version => 'v5')->{status}, 422, 'a version that is none';
is $pay->save(version => 'v3')->{status}, 303, 'v3';
my $slug = $pay->campaign;
$line->clear;

# The request of a path, and that it bears what LINE Pay asks for.
sub asked {
    my ($method, $path, $what) = @_;
    my @found = grep { $_->{method} eq $method } $line->requests($path);
    is scalar @found, 1, "$what: once";
    my ($h, $r) = ($found[0]{headers}, $found[0]);
    is $h->{'x-line-channelid'}, $pay->{place}{key}, "$what: the channel";
    like $h->{'x-line-authorization-nonce'}, qr/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "$what: a nonce, a UUID";
    my $signed = $method eq 'GET' ? $r->{query} : $r->{body};
    my $mac    = hmac_sha256_base64(encode_utf8("$pay->{place}{secret}$path$signed") . "$h->{'x-line-authorization-nonce'}",
        $pay->{place}{secret});
    is $h->{'x-line-authorization'}, $mac . '=' x (-length($mac) % 4), "$what: signed with its path";
    return $h->{'x-line-authorization-nonce'};
}

my $me = Kuji::Form->new;
$me->get("/k/$slug");
my $order  = $pay->buy($me, $slug);
my $room   = '/v3/payments/' . $pay->of($order, 'transaction_id');
my @nonces = asked('POST', '/v3/payments/request', 'a request');
my $back   = $pay->decide($order, 'agree');
like $me->get($back)->{text}, qr/お支払いが済みました/, 'there and back: paid';
push @nonces, asked('GET', "$room/confirm" =~ s{payments/(\d+)/confirm}{payments/requests/$1/check}r, 'a look');
push @nonces, asked('POST', "$room/confirm", 'the confirmation');
is scalar(keys %{ { map { $_ => 1 } @nonces } }), 3, 'each with a nonce of its own';
is scalar @{ $pay->charged($order) }, 1, 'charged once';
is $me->post($slug, $me->form($slug))->{status}, 303, 'drawn';

# An answer that is lost is looked up, by v3 as well.
my $he = Kuji::Form->new;
$he->get("/k/$slug");
$order = $pay->buy($he, $slug);
$room  = '/v3/payments/' . $pay->of($order, 'transaction_id');
$line->fault("$room/confirm", 'drop_after');
like $he->get($pay->decide($order, 'agree'))->{text}, qr/お支払いを確認しています/, 'an answer that is lost';
$pay->due($order);
ok $pay->wait_for($order, "state = 'captured' AND asked IS NULL"), 'is looked up';
is scalar @{ $pay->charged($order) }, 1, 'and charged once';

# Cancelled at LINE, refused by LINE.
my $no = Kuji::Form->new;
$no->get("/k/$slug");
my $none = $pay->buy($no, $slug);
like $no->get($pay->decide($none, 'cancel'))->{text}, qr/お支払いは行われませんでした/, 'cancelled';

# Paid back, and the books.
is $pay->{owner}->send("/admin/payments/$order/refund", reason => '返品', confirm => substr $order, -6)->{status}, 303,
    'paid back';
asked('POST', "$room/refund", 'the refund');
is $pay->of($order, 'state'), 'refunded', 'all of it';
is_deeply [ grep { $_->{path} =~ m{^/v4/} } @{ $line->show->{requests} } ], [], 'not a word of v4';
# Payments of before had another stand-in.
sql("UPDATE kuji.payment SET created_at = created_at - 10 * 86400000::bigint WHERE id < (
    SELECT min(p.id) FROM kuji.payment p JOIN kuji.campaign c ON c.id = p.campaign_id WHERE c.slug = '$slug')");
my $day = do { my @t = gmtime(time - 86400); sprintf '%04d-%02d-%02d', $t[5] + 1900, $t[4] + 1, $t[3] };
like ctl('pay', 'reconcile', 'first', '--from', $day), qr/^3 payments, 0 differences$/m, 'the books agree';

# ---- the counter ----
my $staff = Kuji::Admin->new(role => 'staff');
my $base  = "/admin/campaigns/$slug/pay";
my ($key) = $staff->get($base)->{text} =~ /name="key" value="([^"]+)"/;
like $staff->send($base, key => $key, code => $line->control(key => {})->{key})->{text}, qr/お支払いを受け取りました/,
    'at the counter';
asked('POST', '/v4/payments/oneTimeKeys/pay', 'a one-time code');
my $test = $pay->{owner}->send('/admin/payments/settings/test');
like $test->{text}, qr/接続できました/, 'and so does the test of the settings';

done_testing;
