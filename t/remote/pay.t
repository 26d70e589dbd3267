#!/usr/bin/perl
# LINE Pay against the stand-in: every operation, what is believed, and that no
# order is ever charged twice.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use HTTP::Tiny ();
use Encode     ();
use JSON::PP   ();
use Kuji::Line ();
use Kuji::PayClient ();

my $line = Kuji::Line->new;
my ($channel, $secret) = ('1600000001', 'a917ab6a2367b536f8e5a6e2977e06f4');
$line->set('pay.merchants' => {$channel => $secret});

sub client {
    return Kuji::PayClient->new(base => $line->url(''), key => $channel,
        secret => $secret, driver => 'line_offline', @_);
}

sub charged { return $line->show->{charged}{ $_[0] } // [] }

# "amount state refunded" of each payment of an order.
sub cost { return join ', ', map {"$_->{amount} $_->{state} $_->{refunded}"} @{ charged(@_) } }
sub key { return $line->control(key => {@_})->{key} }

my $n = 0;
my %common = (amount => 10_000, currency => 'TWD');
sub order { $n++; return (id => "o-$n", %common, @_) }
sub is_end {
    my ($r, $want, $what) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    is "$r->{end} $r->{state}", $want, $what and return;
    diag join ' ', map {"$_=$r->{$_}"} sort keys %$r;
    return;
}

my $pay = client();

# ---- offline: pay, look, refund ----
my %o = (order(), product => "\x{304f}\x{3058}\"\x{1f36a}");
my $used = key();
my $r = $pay->do(begin => %o, key => $used);
is_end $r, 'done captured', 'paid with a one-time code';
like $r->{transaction}, qr/^2026\d{14}[13579]$/,
    'a transaction that no floating point holds';
is $r->{transaction}, charged($o{id})->[0]{transaction}, 'to its last digit';
is "$r->{captured} $r->{refunded} $r->{mismatch}", '10000 0 0', 'in minor units';
is cost($o{id}), '100 captured 0', 'a hundred dollars';
my ($request) = $line->requests('/v4/payments/oneTimeKeys/pay');
my $body = JSON::PP::decode_json(Encode::encode_utf8($request->{body}));
is $body->{packages}[0]{products}[0]{name}, $o{product}, 'the product by its name';
is_end $pay->do(check => %o), 'done captured', 'and so it is';
is_end $pay->do(begin => order(), key => $used), 'refused unknown',
    'a code is good once';
is_end $pay->do(begin => order(), key => key(age => 301)), 'refused unknown',
    'and for five minutes';
is $pay->do(begin => order(), key => key(age => 301))->{code}, '1133', 'as LINE Pay says';
is_end $pay->do(begin => order(), key => 'x' x 18), 'refused unknown', 'no code at all';
is_end $pay->do(begin => order(), key => key(digits => 12)), 'done captured',
    'a code of another country';

my @done = (%o, captured => 10_000);
$r = $pay->do(refund => @done, refund => 'r-1', sum => 3_050);
is_end $r, 'done partly_refunded', 'a part goes back';
is $r->{refunded}, 3_050, 'so much';
$r = $pay->do(check => %o);
is "$r->{state} $r->{captured} $r->{refunded}", 'partly_refunded 10000 3050',
    'which is what LINE Pay tells';
$r = $pay->do(refund => @done, refund => 'r-2', sum => 8_000);
is "$r->{end} $r->{code}", 'refused 1164', 'more than is left';
$r = $pay->do(refund => @done, refunded => 3_050, refund => 'r-3', sum => 0);
is_end $r, 'done refunded', 'all the rest';
is cost($o{id}), '100 captured 100', 'all is back';
$r = $pay->do(refund => @done, refund => 'r-4', sum => 10_000);
is "$r->{end} $r->{state} $r->{code}", 'done refunded 1165',
    'and refunding again changes nothing';
is_end $pay->do(check => %o), 'done refunded', 'as LINE Pay tells';
is $pay->do(refund => @done, refunded => 10_000, refund => 'r-5', sum => 1)->{end},
    'refused', 'there is nothing left';

# ---- hold, capture, void ----
my %h = (order(), capture => 0);
$r = $pay->do(begin => %h, key => key());
is_end $r, 'done authorized', 'held';
cmp_ok $r->{expires}, '>', time, 'for a while';
is_end $pay->do(check => %h), 'done authorized', 'still held';
is_end $pay->do(capture => %h), 'done captured', 'captured';
is_end $pay->do(check => %h), 'done captured', 'and so it is';
is_end $pay->do(capture => %h), 'unknown unknown', 'twice is not known';
is cost($h{id}), '100 captured 0', 'and is not charged twice';
is_end $pay->do(void => %h), 'unknown unknown', 'what is captured is not held';
%h = (order(), capture => 0);
$pay->do(begin => %h, key => key());
is_end $pay->do(void => %h), 'done voided', 'given up';
is_end $pay->do(void => %h), 'done voided', 'and again';
is_end $pay->do(check => %h), 'done voided', 'as LINE Pay tells';
is cost($h{id}), '100 voided 0', 'nothing is charged';
is_end $pay->do(check => order()), 'done absent', 'an order that nobody made';
is $pay->do(refund => order(), captured => 100, refund => 'r', sum => 100)->{code},
    '1150', 'nor can it be refunded';
is_end $pay->do(check => order(), id => charged($o{id})->[0]{transaction}),
    'done absent', 'a path of orders does not take a transaction';
$line->set('pay.merchants' => {$channel => 'rotated'});
$r = $pay->do(begin => order(), key => key());
is "$r->{end} $r->{code}", 'refused 1106', 'a secret that was rotated';
$line->set('pay.merchants' => {$channel => $secret});
is $pay->do(confirm => order())->{reason}, 'unsupported', 'nothing to confirm';

# ---- currencies, and orders that cannot be ----
for my $case ([5, 'USD', '0.05'], [1_999, 'THB', '19.99'], [100_000, 'TWD', '1000']) {
    my ($amount, $currency, $text) = @$case;
    my %x = (order(), amount => $amount, currency => $currency);
    is_end $pay->do(begin => %x, key => key()), 'done captured', "$amount of $currency";
    is charged($x{id})->[0]{amount}, $text, 'exactly';
    is $pay->do(check => %x)->{captured}, $amount, 'and back';
}
for my $case ([currency => 'JPY'], [currency => 'EUR'], [amount => 0], [amount => -1],
    [id => 'a b'], [id => ''], [id => 'a' x 65], [amount => '1000000000000000']) {
    is $pay->do(begin => order(), key => key(), @$case)->{end}, 'refused', "@$case";
}
is $pay->do(begin => order(), key => key(), id => 'a' x 64)->{end}, 'done',
    'an id of 64 characters';

# ---- what is paid is what was asked for ----
$line->set('pay.mismatch' => 1);
%o = order();
$r = $pay->do(begin => %o, key => key());
is "$r->{end} $r->{state} $r->{mismatch} $r->{captured}", 'done captured 1 9900',
    'less was paid than asked for: it says so';
$r = $pay->do(check => %o);
is "$r->{state} $r->{mismatch}", 'captured 1', 'also later';
is_end $pay->do(refund => %o, captured => 9_900, refund => 'r', sum => 0), 'done refunded',
    'so that it can go back';
$line->set('pay.mismatch' => 0);

# ---- signature, keys, and answers of the envelope ----
$r = client(secret => 'f' x 32)->do(begin => order(), key => key());
is "$r->{end} $r->{code}", 'refused 1106', 'another secret';
$r = client(key => '1')->do(check => order());
is "$r->{end} $r->{code}", 'refused 1104', 'another channel';
my $pay_path = '/v4/payments/oneTimeKeys/pay';
for my $case (
    ['1101', 'refused'], ['1142', 'refused'], ['2023', 'refused'], ['2101', 'refused'],
    (map { [$_, 'unknown'] } qw(1145 1152 1172 1198 1199 1280 1298 1900 9000 1234)),
) {
    my ($code, $end) = @$case;
    my %x = order();
    $line->fault($pay_path, 'status', status => 200,
        body => qq({"returnCode":"$code","returnMessage":"x"}));
    $r = $pay->do(begin => %x, key => key());
    is "$r->{end} $r->{code}", "$end $code", "$code: $end";
}
for my $case (
    ['{"returnCode":1142}',                        'refused', 'a code as a number'],
    ['{"resultCode":1104,"statusMessage":"no"}',   'refused', 'the other envelope'],
    ['{"resultCode":"9000","statusMessage":"no"}', 'unknown', 'and its doubts'],
    ['{"returnCode":"0000","info":{"orderId":"another","transactionId":1,'
            . '"payInfo":[{"amount":100}]}}', 'unknown', 'another order'],
    ['{"returnCode":"0000"}', 'unknown', 'success without a word on what'],
    ['{}',                    'unknown', 'no code'],
    ['[]',                    'unknown', 'no object'],
    ['',                      'unknown', 'nothing'],
    ['{"returnCode":"0000<b>"}', 'unknown', 'no code either'],
) {
    my ($text, $end, $what) = @$case;
    $line->fault($pay_path, 'status', status => 200, body => $text);
    is $pay->do(begin => order(), key => key())->{end}, $end, $what;
}
for my $case ([400, 'refused'], [404, 'refused'], [408, 'unknown'], [429, 'away'],
    [500, 'unknown'], [503, 'unknown'], [302, 'unknown']) {
    my ($status, $end) = @$case;
    $line->clear;
    $line->fault($pay_path, 'status', status => $status);
    my %x = order();
    is $pay->do(begin => %x, key => key())->{end}, $end, "HTTP $status: $end";
    is scalar $line->requests($pay_path), 1, 'asked once only';
    is_end $pay->do(check => %x), 'done absent', 'nothing was charged';
}

# ---- what is lost on the way: one payment, never two ----
for my $case (['drop', 'absent', ''], ['drop_after', 'captured', '100 captured 0'],
    ['duplicate', 'captured', '100 captured 0'], ['garbage', 'captured', '100 captured 0']) {
    my ($fault, $state, $cost) = @$case;
    $line->clear;
    $line->fault($pay_path, $fault);
    my %x = order();
    is_end $pay->do(begin => %x, key => key()), 'unknown unknown', "$fault: nobody knows";
    is scalar $line->requests($pay_path), 1, 'sent once only';
    is_end $pay->do(check => %x), "done $state", 'the order tells';
    is cost($x{id}), $cost, 'what it cost';
    # Somebody pays again nevertheless: the order's id is used up.
    if ($cost) {
        $r = $pay->do(begin => %x, key => key());
        is "$r->{end} $r->{code}", 'unknown 1172', 'the same order again';
        is cost($x{id}), $cost, 'costs nothing more';
    }
}
for my $fault (['trickle', seconds => 0.3], ['delay', seconds => 3], ['hang']) {
    my ($kind, %more) = @$fault;
    $line->clear;
    $line->fault($pay_path, $kind, %more);
    my $hasty = client(patience => 1000);
    my %x = order();
    is_end $hasty->do(begin => %x, key => key()), 'unknown unknown', "$kind: patience ends";
    is scalar $line->requests($pay_path), 1, 'sent once only';
    is $hasty->end, 0, 'the client ends';
}

# The customer takes longer than the call: AUTH_READY, then COMPLETE.
$line->clear;
$line->set('pay.slow' => 4);
my $hasty = client(patience => 1000);
%o = order();
is_end $hasty->do(begin => %o, key => key()), 'unknown unknown',
    'the customer is still looking at the phone';
is_end $hasty->do(check => %o), 'done waiting', 'LINE Pay waits, too';
my $state = 'waiting';
for (1 .. 60) {
    last if $state ne 'waiting';
    select undef, undef, undef, 0.5;
    $state = $hasty->do(check => %o)->{state};
}
is $state, 'captured', 'then it is paid';
is cost($o{id}), '100 captured 0', 'once';
# An answer may come after a long silence: LINE Pay asks for 40 seconds.
$line->set('pay.slow' => 12);
is_end $pay->do(begin => order(), key => key()), 'done captured',
    'an answer after twelve silent seconds';
$line->set('pay.slow' => 0);

# ---- the same of capture, void and refund ----
for my $case (
    ['capture', {capture => 0}, {}, 'authorized', 'captured'],
    ['void',    {capture => 0}, {}, 'authorized', 'voided'],
    ['refund', {}, {captured => 10_000, refund => 'r', sum => 4_000}, 'captured',
        'partly_refunded'],
) {
    my ($op, $made, $words, $before, $after) = @$case;
    for my $fault (['drop', $before], ['drop_after', $after]) {
        my %x = (order(), %$made);
        $pay->do(begin => %x, key => key());
        $line->clear;
        $line->fault("/v4/payments/orders/$x{id}/$op", $fault->[0]);
        is_end $pay->do($op => %x, %$words), 'unknown unknown', "$op, $fault->[0]";
        is scalar $line->requests("/v4/payments/orders/$x{id}/$op"), 1, 'sent once only';
        is_end $pay->do(check => %x), "done $fault->[1]", 'the order tells';
    }
}
# What only asks is asked again.
$line->clear;
$line->fault("/v4/payments/orders/$o{id}/check", 'drop');
is_end $pay->do(check => %o), 'done captured', 'a question is asked twice';
$line->fault("/v4/payments", 'status', status => 200, times => 9,
    body => '{"returnCode":"9000"}');
is_end $pay->do(check => %o), 'away unknown', 'no word on it now';
$line->clear;
$line->fault("/v4/payments/orders/$o{id}/check", 'status', status => 200,
    body => qq({"returnCode":"0000","info":{"orderId":"$o{id}","status":"NEW"}}));
is_end $pay->do(check => %o), 'away unknown', 'a state that nobody knows';
for my $case ([CANCEL => 'cancelled'], [FAIL => 'failed'], [AUTH_READY => 'waiting'],
    [REFUND => 'captured']) {
    $line->fault("/v4/payments/orders/$o{id}/check", 'status', status => 200,
        body => qq({"returnCode":"0000","info":{"orderId":"$o{id}","status":"$case->[0]"}}));
    is_end $pay->do(check => %o), "done $case->[1]", $case->[0];
}

$line->fault("/v4/payments/orders/$o{id}/check", 'status', status => 200,
    body => qq({"returnCode":"0000","info":{"orderId":"$o{id}","status":"REFUND","transactionId":1,
        "payInfo":[{"method":"BALANCE","amount":100}]}}));
$line->fault('/v4/payments', 'status', status => 200, exact => JSON::PP::true, body => '{"returnCode":"1150"}');
is $pay->do(check => %o)->{end}, 'away', 'refunded, and nobody tells how much: asked again later';
$line->clear;

# ---- the list, for reconciliation ----
my (@ids, %want);
for my $i (1 .. 5) {
    my %x = (order(), capture => $i % 2);
    $pay->do(begin => %x, key => key());
    $pay->do(refund => %x, captured => 10_000, refund => 'r', sum => 2_500) if $i == 3;
    push @ids, $x{id};
    $want{ $x{id} } = $i == 3 ? 'partly_refunded:10000:2500'
        : $i % 2 ? 'captured:10000:0' : 'authorized:0:0';
}
push @ids, 'nobody-1';
$want{'nobody-1'} = 'absent:0:0';
$r = $pay->do(list => %common, capture => 0, ids => join ',', @ids);
is $r->{end}, 'done', 'a list';
is_deeply {map { $_ => $r->{$_} } @ids}, \%want, 'each order as it is';
$line->clear;
$line->fault('/v4/payments', 'status', status => 200, body => '{"returnCode":"1150"}');
$r = $pay->do(list => %common, capture => 0, ids => join ',', @ids);
is_deeply {map { $_ => $r->{$_} } @ids}, \%want, '1150 of many: each is asked for';
my @many = (@ids, map {"nobody-$_"} 2 .. 95);
$r = $pay->do(list => %common, capture => 1, ids => join ',', @many[0 .. 99]);
is $r->{end}, 'done', 'a hundred of them';
is $r->{$ids[0]}, $want{ $ids[0] }, 'are looked up';
is $pay->do(list => %common, ids => join ',', @many, 'one-more')->{end}, 'refused',
    'no more';
$line->fault('/v4/payments', 'status', status => 500, times => 2);
$r = $pay->do(list => %common, ids => join ',', @ids);
is $r->{end}, 'away', 'LINE Pay is away';
isnt $r->{reason}, '', 'which has a reason';

# ---- online ----
for my $version (qw(v3 v4)) {
    my $on = client(driver => 'line_online', version => $version);
    my %back = (confirm => 'https://shop.example/pay/back?x=1',
        cancel => 'https://shop.example/pay/no', locale => 'ja');
    my %x = order();
    my $asked = $on->do(begin => %x, %back);
    is_end $asked, 'done waiting', "$version: a request";
    like $asked->{url}, qr{^http://127\.0\.0\.1:\d+/_pay/line\?transaction=\d+$},
        'where to pay';
    like $asked->{app}, qr{^line://pay/}, 'or in the app';
    my %t = (%x, transaction => $asked->{transaction});
    is_end $on->do(check => %t), 'done waiting', 'nobody has paid';
    is_end $on->do(check => %x), 'done absent', 'and by our id it is not known yet';
    is $on->do(confirm => %t)->{code}, '1169', 'nor can it be confirmed';
    is cost($x{id}), '', 'nothing is charged';
    my $url = $line->control(decide => [$t{transaction}, 'agree'])->{url};
    is $url, "$back{confirm}&transactionId=$t{transaction}&orderId=$x{id}",
        'the customer agrees and comes back';
    is_end $on->do(check => %t), 'done agreed', 'which LINE Pay says, too';
    is $on->do(confirm => %t, amount => 9_900)->{code}, '1153', 'another amount';
    is_end $on->do(confirm => %t), 'done captured', 'confirmed';
    is_end $on->do(confirm => %t), 'unknown unknown', 'twice: check';
    is_end $on->do(check => %t), 'done captured', 'paid';
    is_end $on->do(check => %x), 'done captured', 'now known by our id, too';
    is cost($x{id}), '100 captured 0', 'charged once';
    is_end $on->do(refund => %t, captured => 10_000, refund => 'r', sum => 1_000),
        'done partly_refunded', 'a part goes back';
    is_end $on->do(check => %t), 'done partly_refunded', 'as LINE Pay tells';
    is $on->do(refund => %x, captured => 10_000, refund => 'r', sum => 1)->{end},
        'refused', 'not without the transaction';

    # Held.
    %x = (order(), capture => 0);
    %t = (%x, transaction => $on->do(begin => %x, %back)->{transaction});
    $line->control(decide => [$t{transaction}, 'agree']);
    is_end $on->do(confirm => %t), 'done authorized', 'held';
    is_end $on->do(check => %t), 'done authorized', 'as LINE Pay tells';
    is_end $on->do(capture => %t), 'done captured', 'captured';
    is_end $on->do(check => %t), 'done captured', 'so it is';
    %x = (order(), capture => 0);
    %t = (%x, transaction => $on->do(begin => %x, %back)->{transaction});
    $line->control(decide => [$t{transaction}, 'agree']);
    $on->do(confirm => %t);
    is_end $on->do(void => %t), 'done voided', 'given up';
    is_end $on->do(check => %t), 'done voided', 'so it is';

    # The customer does not want it, or LINE Pay does not.
    for my $case ([cancel => 'cancelled'], [fail => 'failed']) {
        %x = order();
        %t = (%x, transaction => $on->do(begin => %x, %back)->{transaction});
        $line->control(decide => [$t{transaction}, $case->[0]]);
        is_end $on->do(check => %t), "done $case->[1]", $case->[0];
        is $on->do(confirm => %t)->{code}, '1169', 'nothing to confirm';
    }

    # Lost on the way.
    for my $fault (['drop', 'agreed', ''], ['drop_after', 'captured', '100 captured 0'],
        ['duplicate', 'captured', '100 captured 0']) {
        %x = order();
        %t = (%x, transaction => $on->do(begin => %x, %back)->{transaction});
        $line->control(decide => [$t{transaction}, 'agree']);
        $line->clear;
        $line->fault("/$version/payments/$t{transaction}/confirm", $fault->[0]);
        is_end $on->do(confirm => %t), 'unknown unknown', "confirm, $fault->[0]";
        is_end $on->do(check => %t), "done $fault->[1]", 'LINE Pay tells';
        is cost($x{id}), $fault->[2], 'what it cost';
        $on->do(confirm => %t);
        is cost($x{id}), '100 captured 0', 'confirmed again: charged once';
    }
    $line->fault("/$version/payments/request", 'drop_after');
    %x = order();
    is_end $on->do(begin => %x, %back), 'unknown unknown', 'a request, lost';
    is_end $on->do(check => %x), 'done absent', 'nobody can pay it';
    is $on->do(begin => order())->{end}, 'refused', 'a request needs its way back';
    for my $url ('javascript:alert(1)', 'data:text/html,x', 'https://a.example/"<',
        '//evil.example') {
        $line->fault("/$version/payments/request", 'status', status => 200,
            body => JSON::PP::encode_json({returnCode => '0000',
                info => {transactionId => 1, paymentUrl => {web => $url, app => $url}}}));
        $r = $on->do(begin => order(), %back);
        is "$r->{end} $r->{url}$r->{app}", 'unknown ', "no browser is sent to $url";
    }
    $r = $on->do(list => %common, ids => join ',', @ids);
    is $r->{$ids[0]}, $want{ $ids[0] }, 'the list';
    unlike $on->said, qr/\Q$secret\E/, 'the secret is never said';
    is $on->end, 0, 'the client ends well';
}

# ---- LINE Pay is gone ----
$line->stop;
%o = order();
my $last = '1' x 18;
is_end $pay->do(begin => %o, key => $last), 'away unknown', 'nothing was sent';
is_end $pay->do(check => %o), 'away unknown', 'nor can it be asked';
is $pay->do(refund => %o, captured => 100, refund => 'r', sum => 100)->{end}, 'away',
    'nor refunded';
is $pay->end, 0, 'the client ends well';
for my $word ($secret, $used, $last) {
    unlike $pay->said, qr/\Q$word\E/, 'no secret, and no one-time code, is ever said';
}
done_testing;
