# A tenant that takes payments from the stand-in (t/lib/line/server.py).
#
#   my $pay  = Kuji::Pay->new;                  # or provider => 'paypay'
#   my $slug = $pay->campaign(draws => 2);
#   my $order = $pay->buy($me, $slug);          # the press: an order's number
#
# SPDX-License-Identifier: Apache-2.0
package Kuji::Pay;

use strict;
use warnings;
use utf8;
use Kuji::Admin ();
use Kuji::Line  ();
use Kuji::Test  ();

my %place = (
    line_pay => { key => '1600000001', secret => 'a917ab6a2367b536f8e5a6e2977e06f4', currency => 'TWD', price => 10_000 },
    paypay   => { key => 'a_key_of_paypay', secret => 'paypay-5ec7e7-of-the-tests', merchant => '123456789012345678',
        currency => 'JPY', price => 1200 },
);

sub new {
    my ($class, %o) = @_;
    my $self = bless { provider => 'line_pay', site => 'first', %o }, $class;
    $self->{line}  //= Kuji::Line->new;
    $self->{owner} //= Kuji::Admin->new(site => $self->{site});
    $self->{place} = $place{ $self->{provider} };
    $self->{line}->set('pay.merchants' => { $place{line_pay}{key} => $place{line_pay}{secret} },
        'paypay.merchants' => { $place{paypay}{key} => $place{paypay}{secret} });
    # What an earlier test's stand-in has taken with it.
    Kuji::Test::sql("UPDATE kuji.payment SET next_check_at = NULL, asked = NULL, asked_at = NULL, asked_amount = NULL
        WHERE next_check_at IS NOT NULL");
    my $r = $self->save;
    die "payment settings: $r->{status}" if $r->{status} != 303;
    return $self;
}

sub settings {
    my ($self) = @_;
    return (provider => $self->{provider}, environment => 'other', base => $self->{line}->url(''), version => 'v4',
        key => $self->{place}{key}, merchant => $self->{place}{merchant} // '', secret => $self->{place}{secret});
}

# Saves the settings' form over what is there.
sub save {
    my ($self, %other) = @_;
    my ($expected) = $self->{owner}->get('/admin/payments/settings')->{text} =~ /name="expected" value="(\d+)"/;
    return $self->{owner}->send('/admin/payments/settings', $self->settings, expected => $expected, %other);
}

sub campaign {
    my ($self, %o) = @_;
    my $config = delete $o{config} // {};
    return Kuji::Test::campaign({
        gates    => ['purchase'],
        purchase => { goods => '高山ウーロン茶', price => $self->{place}{price}, currency => $self->{place}{currency},
            draws => 1, sold_alone => JSON::PP::true(), %o },
        %$config,
    });
}

# A press of the page's button, or of a given key: the answer.
sub press {
    my ($self, $me, $slug, $key) = @_;
    my %form = $key ? () : $me->form($slug);
    return $me->ask('POST', "/k/$slug/buy", body => 'key=' . ($key // $form{key}),
        headers => { 'Content-Type' => 'application/x-www-form-urlencoded', 'Sec-Fetch-Site' => 'same-origin' });
}

sub buy {
    my ($self, $me, $slug) = @_;
    my $r = $self->press($me, $slug);
    die "a purchase: $r->{status}" if $r->{status} != 303;
    return $self->newest;
}

sub newest { return scalar Kuji::Test::sql('SELECT order_id FROM kuji.payment ORDER BY id DESC LIMIT 1') }

# A column of one order's row.
sub of {
    my ($self, $order, $what) = @_;
    return scalar Kuji::Test::sql("SELECT $what FROM kuji.payment WHERE order_id = '$order'");
}

# What the customer decides at LINE: where the browser goes back to.
sub decide {
    my ($self, $order, $what) = @_;
    my $url = $self->{line}->control(decide => [ $self->of($order, 'transaction_id'), $what ])->{url};
    return $url =~ s{^https?://[^/]+}{}r;
}

# What the order cost the customer, as the provider has it: one of each charge.
sub charged { my ($self, $order) = @_; return $self->{line}->show->{charged}{$order} // [] }

# The job's next look comes now.
sub due {
    my ($self, $order, $back) = @_;
    $back //= 0;
    Kuji::Test::sql("UPDATE kuji.payment SET next_check_at = 1, asked_at = asked_at - $back,
        created_at = created_at - $back WHERE order_id = '$order' AND next_check_at IS NOT NULL");
    return;
}

# Waits until the order is what a condition says.
sub wait_for {
    my ($self, $order, $condition) = @_;
    for (1 .. 300) {
        return 1 if $self->of($order, $condition) eq 't';
        select undef, undef, undef, 0.1;
    }
    return 0;
}

1;
