#!/usr/bin/perl
# Orders under random faults, by the rule of remote/pay.h: after an unknown end
# only questions. Nobody is charged or refunded twice, and what is believed in
# the end is what the provider has on its books.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Kuji::Line ();
use Kuji::PayClient ();

my $seed = $ENV{KUJI_SEED} // time;
srand $seed;
note "KUJI_SEED=$seed";
my $line = Kuji::Line->new;
my @account = (base => $line->url(''), key => 'k', secret => 's', patience => 2000);
$line->set('pay.merchants' => {k => 's'}, 'paypay.merchants' => {k => 's'});
my %pay = map { $_ => Kuji::PayClient->new(driver => $_, @account) }
    qw(line_offline line_online paypay);

# A fault of the next request, or none. LINE Pay cannot tell two refunds from
# one that the network brought twice: those are left out.
sub stumble {
    my ($op) = @_;
    my @faults = (
        (['none']) x 4, ['drop'], ['drop_after'], ['duplicate'], ['garbage'],
        ['status', status => 500], ['status', status => 429],
        ['status', status => 200, body => '{"returnCode":"9000"}'],
        ['status', status => 200, body => '{"resultInfo":{"code":"X"}}'],
    );
    @faults = grep { $_->[0] ne 'duplicate' } @faults if $op eq 'refund';
    my ($kind, @more) = @{ $faults[rand @faults] };
    $line->clear;
    $line->fault($_, $kind, @more) for $kind eq 'none' ? () : '/v';
    return $kind;
}

# An operation as long as nothing of it was sent. (The breaker may be open, or
# the provider says "later".)
sub persist {
    my ($client, @words) = @_;
    my $r;
    for (1 .. 300) {
        stumble($words[0]);
        $r = $client->do(@words);
        last if $r->{end} ne 'away';
        select undef, undef, undef, 0.2;
    }
    return $r;
}

# What the provider has to say, asked until it does.
sub settle {
    my ($client, %order) = @_;
    for (1 .. 600) {
        stumble('check');
        my $r = $client->do(check => %order);
        return $r if $r->{end} eq 'done';
        select undef, undef, undef, 0.1;
    }
    die "$order{id} is never known";
}

my %books;    # order => what we believe
my $n = 0;

sub buy {
    my ($driver) = @_;
    my $client = $pay{$driver};
    my %order = (id => 'c-' . $n++, amount => 300,
        currency => $driver eq 'paypay' ? 'JPY' : 'TWD',
        confirm => 'https://shop.example/', cancel => 'https://shop.example/');
    my $r = persist($client, begin => %order, key => $line->control(key => {})->{key});
    $r = settle($client, %order) if $r->{end} eq 'unknown';
    $order{transaction} = $r->{transaction};
    if ($r->{state} eq 'waiting' && $driver eq 'line_online' && $r->{transaction}) {
        $line->control(decide => [$r->{transaction}, 'agree']);
        $r = persist($client, confirm => %order);
        $r = settle($client, %order) if $r->{end} eq 'unknown';
    }
    elsif ($r->{state} eq 'waiting' && $driver eq 'paypay') {
        $line->control(paypay => [$order{id}, 'pay']);
        $r = settle($client, %order);
    }
    $order{$_} = $r->{$_} for qw(captured refunded);
    $order{transaction} = $r->{transaction} if $r->{transaction};
    $books{ $order{id} } = "$r->{captured} $r->{refunded}";
    return ($client, $r->{state}, %order);
}

sub give_back {
    my ($client, %order) = @_;
    my @refund = (refund => %order, refund => "b-$order{id}", sum => 100);
    my $r = persist($client, @refund);
    $r = settle($client, %order) if $r->{end} ne 'done';
    $books{ $order{id} } = "$r->{captured} $r->{refunded}";
    return;
}

for my $round (1 .. 20) {
    for my $driver (qw(line_offline line_online paypay)) {
        my ($client, $state, %order) = buy($driver);
        give_back($client, %order) if $state eq 'captured' && $round % 2;
    }
}
my $charged = $line->show->{charged};
my @twice = grep { @{ $charged->{$_} } > 1 } keys %$charged;
is_deeply \@twice, [], 'nobody is charged twice';
my %wrong;
for my $id (keys %books) {
    my $row = $charged->{$id}[0];
    my $places = $row && $row->{currency} eq 'JPY' ? 1 : 100;
    my $theirs = $row ? $row->{amount} * $places . ' ' . $row->{refunded} * $places
        : '0 0';
    $wrong{$id} = "ours $books{$id}, theirs $theirs" if $books{$id} ne $theirs;
}
is_deeply \%wrong, {}, 'our books and theirs agree';
is scalar keys %books, 60, 'of every order';
cmp_ok scalar keys %$charged, '>', 20, 'many of which were paid in the end';
is $_->end, 0, 'the client ends well' for values %pay;
done_testing;
