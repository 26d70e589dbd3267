#!/usr/bin/perl
# KUJI_FAULT_LONG=1: each call of a payment provider waits as long as the
# provider asks for, and no longer. Of every call two, side by side: one answer
# three seconds before the end, which counts, and one three seconds after it,
# after which nobody knows.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Kuji::Line      ();
use Kuji::PayClient ();

plan skip_all => 'KUJI_FAULT_LONG is not set' if !$ENV{KUJI_FAULT_LONG};

my %line = (base => undef, key => '1600000001', secret => 'a917ab6a2367b536f8e5a6e2977e06f4');
my %paypay = (base => undef, key => 'a_KEY', secret => 'S' x 44);
my %twd    = (amount => 10_000, currency => 'TWD');
my %back   = (confirm => 'https://shop.example/', cancel => 'https://shop.example/no');

# A call: its driver, the seconds that are waited for, how it ends in time, and
# what makes it ready. That returns path and words.
my @calls = (
    [ request => 'line_online', 10, 'waiting', sub { ('/v4/payments/request', begin => %{ $_[0] }, %back) } ],
    [ pay => 'line_offline', 40, 'captured', sub {
        my ($o, $pay, $stand_in) = @_;
        return ('/v4/payments/oneTimeKeys/pay', begin => %$o, key => $stand_in->control(key => {})->{key});
    } ],
    [ confirm => 'line_online', 40, 'captured', sub {
        my ($o, $pay, $stand_in) = @_;
        my $t = $pay->do(begin => %$o, %back)->{transaction};
        $stand_in->control(decide => [ $t, 'agree' ]);
        return ("/v4/payments/$t/confirm", confirm => %$o, transaction => $t);
    } ],
    [ capture => 'line_offline', 60, 'captured', sub { held(@_, 'capture') } ],
    [ void    => 'line_offline', 20, 'voided', sub { held(@_, 'void') } ],
    [ refund  => 'line_offline', 20, 'refunded', sub {
        my ($o, $pay, $stand_in) = @_;
        $pay->do(begin => %$o, key => $stand_in->control(key => {})->{key});
        return ("/v4/payments/orders/$o->{id}/refund", refund => %$o, captured => 10_000, refund => 'r', sum => 0);
    } ],
    [ check => 'line_offline', 20, 'authorized', sub {
        my ($o, $pay, $stand_in) = @_;
        my ($path, $op, %words) = held(@_, 'check');
        return ($path, $op, %words);
    } ],
    [ code => 'paypay', 30, 'waiting', sub { ('/v2/codes', begin => %{ $_[0] }, amount => 500, currency => 'JPY') } ],
);

sub held {
    my ($o, $pay, $stand_in, $what) = @_;
    my %hold = (%$o, capture => 0);
    $pay->do(begin => %hold, key => $stand_in->control(key => {})->{key});
    return ("/v4/payments/orders/$o->{id}/$what", $what => %hold);
}

# Each call has a stand-in and a client of its own, so that all wait at once.
my @under_way;
for my $late (0, 1) {
    for my $call (@calls) {
        my ($name, $driver, $seconds, $state, $ready) = @$call;
        my $stand_in = Kuji::Line->new;
        $stand_in->set('pay.merchants' => { $line{key} => $line{secret} }, 'paypay.merchants' => { $paypay{key} => $paypay{secret} });
        my $pay = Kuji::PayClient->new(%{ $driver eq 'paypay' ? \%paypay : \%line }, driver => $driver, base => $stand_in->url(''));
        my %order = (id => "w-$name-$late", %twd);
        my ($path, @words) = $ready->(\%order, $pay, $stand_in);
        $stand_in->fault($path, 'delay', seconds => $seconds + ($late ? 3 : -3), times => -1);
        $pay->send(@words);
        push @under_way, [ "$name, $seconds s", $late, $state, $pay, $stand_in ];
    }
}
for my $one (@under_way) {
    my ($name, $late, $state, $pay) = @$one;
    my $r = $pay->answer;
    my $doubt = $name =~ /^check/ ? 'away' : 'unknown';
    is "$r->{end} $r->{state}", $late ? "$doubt unknown" : "done $state", "$name: " . ($late ? 'too late' : 'in time');
}

done_testing;
