#!/usr/bin/perl
# PayPay's codes against the stand-in: every operation, what is believed, and
# that nothing is paid or refunded twice.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Encode     ();
use JSON::PP   ();
use Kuji::Line ();
use Kuji::PayClient ();

my $line = Kuji::Line->new;
my ($key, $secret) = ('a_KEY', 'S' x 44);
$line->set('paypay.merchants' => {$key => $secret}, 'paypay.assume' => '2473982');

sub client {
    return Kuji::PayClient->new(driver => 'paypay', base => $line->url(''),
        key => $key, secret => $secret, merchant => '2473982', @_);
}
sub charged { return $line->show->{charged}{ $_[0] } // [] }
sub cost { return join ', ', map {"$_->{amount} $_->{refunded}"} @{ charged(@_) } }

my $n = 0;
my %common = (amount => 500, currency => 'JPY');
sub order { $n++; return (id => "p-$n", %common, @_) }

sub is_end {
    my ($r, $want, $what) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    is "$r->{end} $r->{state}", $want, $what and return;
    diag join ' ', map {"$_=$r->{$_}"} sort keys %$r;
    return;
}
sub customer { $line->control(paypay => [@_]); return }

my $pay = client();

# ---- a code, paid and refunded ----
my %o = (order(), product => 'くじ付き"菓子', confirm => 'https://shop.example/back');
my $r = $pay->do(begin => %o);
is_end $r, 'done waiting', 'a code';
like $r->{url}, qr{^http://127\.0\.0\.1:\d+/_pay/paypay\?code=04-[\w-]+$}, 'on the web';
like $r->{app}, qr{^paypay://payment}, 'in the app';
cmp_ok $r->{expires}, '>', time, 'for a while';
my %code = (transaction => $r->{transaction});
my ($request) = $line->requests('/v2/codes');
my $body = JSON::PP::decode_json(Encode::encode_utf8($request->{body}));
is $body->{orderDescription}, $o{product}, 'what is bought';
is $body->{redirectUrl}, $o{confirm}, 'the way back';
is_end $pay->do(check => %o), 'done waiting', 'nobody has paid';
$line->set('paypay.unpaid' => 'NOT_FOUND');
is_end $pay->do(check => %o), 'done absent', 'or, as PayPay may say, there is none';
$line->set('paypay.unpaid' => 'CREATED');
is cost($o{id}), '', 'nothing is paid';
customer($o{id}, 'pay');
$r = $pay->do(check => %o);
is_end $r, 'done captured', 'paid';
is "$r->{captured} $r->{refunded} $r->{mismatch}", '500 0 0', 'in yen';
is $r->{transaction}, charged($o{id})->[0]{transaction},
    'the payment by its id, leading zero and all';
my %paid = (%o, transaction => $r->{transaction}, captured => 500);
$r = $pay->do(void => %o, %code);
is "$r->{end} $r->{code}", 'refused DYNAMIC_QR_ALREADY_PAID', 'too late to take it away';
is $pay->do(refund => %paid, refund => 'f-1', sum => 501)->{end}, 'refused', 'too much';
is $pay->do(refund => %paid, transaction => '', refund => 'f-1', sum => 5)->{end},
    'refused', 'not without the payment';
is_end $pay->do(refund => %paid, refund => 'f-1', sum => 200), 'done partly_refunded',
    'a part goes back';
$r = $pay->do(check => %o);
is "$r->{state} $r->{captured} $r->{refunded}", 'partly_refunded 500 200', 'as PayPay tells';
$r = $pay->do(refund => %paid, refund => 'f-1', sum => 200);
is "$r->{end} $r->{refunded}", 'done 200', 'the same refund again';
is cost($o{id}), '500 200', 'is done once';
is +($line->requests('/v2/refunds/f-1'))[0]{query}, "paymentId=$paid{transaction}",
    'asked for by its payment';
$r = $pay->do(refund => %paid, refunded => 200, refund => 'f-2', sum => 0);
is "$r->{end} $r->{code}", 'refused UNACCEPTABLE_OP', 'PayPay refunds an order once';

# ---- not paid ----
%o = order();
%code = (transaction => $pay->do(begin => %o)->{transaction});
is_end $pay->do(void => %o, %code), 'done cancelled', 'taken away';
is_end $pay->do(check => %o), 'done cancelled', 'so it is';
customer($o{id}, 'pay');
is cost($o{id}), '', 'and cannot be paid';
is $pay->do(void => %o)->{end}, 'refused', 'not without its id';
is $pay->do(void => %o, transaction => '04-nobody')->{code}, 'DYNAMIC_QR_NOT_FOUND',
    'no such code';
is $pay->do(void => %o, transaction => '../payments/x')->{end}, 'refused', 'no path';
%o = order();
$pay->do(begin => %o);
customer($o{id}, 'expire');
is_end $pay->do(check => %o), 'done expired', 'too late';
is_end $pay->do(check => order()), 'done absent', 'an order that nobody made';

# ---- orders that cannot be ----
for my $case ([currency => 'TWD'], [amount => 0], [id => 'a/b'], [capture => 0]) {
    is $pay->do(begin => order(), @$case)->{end}, 'refused', "@$case";
}
is $pay->do($_ => order())->{reason}, 'unsupported', "no $_" for qw(confirm capture);
$line->set('paypay.cheaper' => 1);
%o = order();
$pay->do(begin => %o);
customer($o{id}, 'pay');
$r = $pay->do(check => %o);
is "$r->{state} $r->{mismatch} $r->{captured}", 'captured 1 499', 'less was paid: it says so';
$line->set('paypay.cheaper' => 0);

# ---- signature ----
for my $case ([secret => 'other'], [key => 'other'], [merchant => '1']) {
    is client(@$case)->do(begin => order())->{end}, 'refused', "another $case->[0]";
}
is client(merchant => '')->do(begin => order())->{code}, 'OP_OUT_OF_SCOPE', 'no merchant';

# ---- answers ----
sub answer_of { return JSON::PP::encode_json({resultInfo => {code => $_[0]}}) }
for my $case (
    [400, 'INVALID_REQUEST_PARAMS',       'refused'], [401, 'UNAUTHORIZED',      'refused'],
    [404, 'OPA_CLIENT_NOT_FOUND',         'refused'], [429, 'RATE_LIMIT',        'away'],
    [400, 'DUPLICATE_DYNAMIC_QR_REQUEST', 'unknown'], [500, 'SERVICE_ERROR',     'unknown'],
    [500, 'INTERNAL_SERVER_ERROR',        'unknown'], [503, 'MAINTENANCE_MODE',  'away'],
    [503, 'NEW_CODE',                     'unknown'], [200, 'NEW_CODE',          'unknown'],
    [202, 'REQUEST_ACCEPTED',             'unknown'], [500, 'TRANSACTION_FAILED', 'refused'],
    [302, 'SUCCESS',                      'unknown'], [201, 'SUCCESS',           'unknown'],
) {
    my ($status, $code, $end) = @$case;
    $line->clear;
    $line->fault('/v2/codes', 'status', status => $status, body => answer_of($code));
    $r = $pay->do(begin => order());
    is "$r->{end} $r->{code}", "$end $code", "$status $code: $end";
    is scalar $line->requests('/v2/codes'), 1, 'asked once only';
}
for my $text ('', '[]', '{}', '{"resultInfo":1}') {
    $line->fault('/v2/codes', 'status', status => 200, body => $text);
    is $pay->do(begin => order())->{end}, 'unknown', "unreadable: '$text'";
}
for my $url ('javascript:alert(1)', 'http://a b', 'paypay://x') {
    %o = order();
    $line->fault('/v2/codes', 'status', status => 201, body => JSON::PP::encode_json(
        {resultInfo => {code => 'SUCCESS'}, data => {codeId => 'c', url => $url,
            deeplink => $url, merchantPaymentId => $o{id}}}));
    $r = $pay->do(begin => %o);
    is "$r->{end} $r->{url}", 'unknown ', "no browser is sent to $url";
}
%o = order();
$pay->do(begin => %o);
my $details = "/v2/codes/payments/$o{id}";
for my $case (
    [{status => 'AUTHORIZED'}, 'done authorized'], [{status => 'FAILED'}, 'done failed'],
    [{status => 'CANCELED'}, 'done cancelled'],    [{status => 'NEW'},    'away unknown'],
    [{status => 'COMPLETED', merchantPaymentId => 'another'}, 'away unknown'],
    [{status => 'REFUNDED', amount => {amount => 500, currency => 'JPY'}}, 'done refunded'],
) {
    my ($data, $want) = @$case;
    $line->fault($details, 'status', status => 200, body => JSON::PP::encode_json(
        {resultInfo => {code => 'SUCCESS'}, data => {merchantPaymentId => $o{id}, %$data}}));
    is_end $pay->do(check => %o), $want, join ' ', %$data;
}
for my $case ([500, 'INTERNAL_SERVER_ERROR'], [429, 'RATE_LIMIT'], [200, 'NEW']) {
    $line->fault($details, 'status', times => 2, status => $case->[0],
        body => answer_of($case->[1]));
    is_end $pay->do(check => %o), 'away unknown', "a question, @$case";
    $line->clear;
}

# ---- lost on the way ----
for my $case (['drop', 'absent'], ['drop_after', 'waiting'], ['duplicate', 'waiting'],
    ['garbage', 'waiting']) {
    my ($fault, $state) = @$case;
    %o = order();
    $line->clear;
    $line->fault('/v2/codes', $fault);
    is_end $pay->do(begin => %o), 'unknown unknown', "a code, $fault";
    is scalar $line->requests('/v2/codes'), 1, 'sent once only';
    is_end $pay->do(check => %o), "done $state", 'PayPay tells';
    next if $state eq 'absent';
    is $pay->do(begin => %o)->{code}, 'DUPLICATE_DYNAMIC_QR_REQUEST', 'no second code';
}
for my $case (['drop', '500 0'], ['drop_after', '500 120'], ['duplicate', '500 120'],
    ['garbage', '500 120']) {
    my ($fault, $cost) = @$case;
    %o = order();
    $pay->do(begin => %o);
    customer($o{id}, 'pay');
    %paid = (%o, transaction => $pay->do(check => %o)->{transaction}, captured => 500);
    $line->clear;
    my @refund = (refund => %paid, refund => "f-$o{id}", sum => 120);
    # The question before it is answered as it is; the refund is not.
    $line->fault('/v2/refunds', $fault, exact => JSON::PP::true);
    $r = $pay->do(@refund);
    is $r->{end}, $fault eq 'duplicate' ? 'done' : 'unknown', "a refund, $fault";
    is cost($o{id}), $cost, 'what it cost';
    is_end $pay->do(@refund), 'done partly_refunded', 'the same again';
    is cost($o{id}), '500 120', 'refunded once';
}
# One that PayPay tried in vain stays so under its id: the next has another.
%o = order();
$pay->do(begin => %o);
customer($o{id}, 'pay');
%paid = (%o, transaction => $pay->do(check => %o)->{transaction}, captured => 500);
$line->clear;
$line->set('paypay.in_vain' => 2);
my @vain = (refund => %paid, refund => "f-$o{id}", sum => 120);
is $pay->do(@vain)->{end}, 'refused', 'a refund that fails' for 1, 2;
is cost($o{id}), '500 0', 'pays nothing back';
is_end $pay->do(@vain), 'done partly_refunded', 'and is done when it is asked for once more';
is cost($o{id}), '500 120', 'refunded';
is_end $pay->do(@vain), 'done partly_refunded', 'the same again';
is cost($o{id}), '500 120', 'refunded once';
my $hasty = client(patience => 1000);
for my $fault (['trickle', seconds => 0.3], ['delay', seconds => 3], ['hang']) {
    my ($kind, %more) = @$fault;
    $line->clear;
    $line->fault('/v2/codes', $kind, %more);
    is_end $hasty->do(begin => order()), 'unknown unknown', "$kind: patience ends";
}
is $hasty->end, 0, 'the client ends';

# ---- the list ----
my (@ids, %want);
for my $what (qw(pay expire nothing)) {
    %o = order();
    $pay->do(begin => %o);
    customer($o{id}, $what) if $what ne 'nothing';
    push @ids, $o{id};
    $want{ $o{id} } = {pay => 'captured:500:0', expire => 'expired:0:0',
        nothing => 'waiting:0:0'}->{$what};
}
push @ids, 'nobody';
$want{nobody} = 'absent:0:0';
$line->clear;
$r = $pay->do(list => %common, ids => join ',', @ids);
is $r->{end}, 'done', 'a list';
is_deeply {map { $_ => $r->{$_} } @ids}, \%want, 'each order as it is';
$line->fault("/v2/codes/payments/$ids[1]", 'status', status => 500, times => 2);
$r = $pay->do(list => %common, ids => join ',', @ids);
is $r->{end}, 'away', 'one that PayPay cannot tell';
isnt $r->{reason}, '', 'which has a reason';

$line->stop;
is_end $pay->do(begin => order()), 'away unknown', 'PayPay is gone: nothing was sent';
is_end $pay->do(refund => %paid, refund => 'f-9', sum => 1), 'away unknown', 'nor refunded';
is $pay->end, 0, 'the client ends well';
unlike $pay->said, qr/\Q$secret\E/, 'the secret is never said';
done_testing;
