# People who draw in a browser and claim what they win.
#
#   my $slug = winners_campaign(kind => 'coupon');  # every draw wins prize A
#   my $who  = winner($slug);                       # a Kuji::Form with {n}
#   claim($slug, $who, name => '山田 太郎', …);
#
# SPDX-License-Identifier: Apache-2.0
package Kuji::Winner;

use strict;
use warnings;
use utf8;
use Exporter 'import';
use Kuji::Admin;
use Kuji::Form;
use Kuji::Test;

our @EXPORT = qw(claim claim_path claim_request claim_state win_ago winner winners_campaign %taro);

our %taro = (name => '山田 太郎', postal => '060-0001',
    prefecture => '北海道', city => '札幌市中央区', street => '北一条西1-2',
    building => '', phone => '090-1234-5678');

sub winners_campaign {
    my (%o) = @_;
    my $kind = delete $o{kind} // 'parcel';
    return campaign({ title => '夏の抽選会', odds_total => 1,
        prizes => [ { code => 'A', name => '温泉ペア宿泊券', kind => $kind,
            units => 100, weight => 1 } ], %o });
}

sub winner {
    my ($slug) = @_;
    my $me = Kuji::Form->new;
    my $r  = $me->post($slug, $me->form($slug), consent => 'yes');
    ($me->{n}) = ($r->{headers}{location} // '') =~ m{/draws/(\d+)$}
        or die "no draw: $r->{status} $r->{content}";
    return $me;
}

sub claim_path {
    my ($slug, $me) = @_;
    return "/k/$slug/claims/$me->{n}";
}

# Takes the win's time back by so many days.
sub win_ago {
    my ($slug, $me, $days) = @_;
    Kuji::Test::sql("UPDATE kuji.claim c SET updated_at = c.updated_at - $days * 86400000::bigint
        FROM kuji.campaign k WHERE k.id = c.campaign_id AND k.slug = '$slug' AND c.n = $me->{n}");
    return;
}

sub claim_state {
    my ($slug, $me) = @_;
    return scalar Kuji::Test::sql("SELECT c.state FROM kuji.claim c JOIN kuji.campaign k ON k.id = c.campaign_id
        WHERE k.slug = '$slug' AND c.n = $me->{n}");
}

# The bytes of a winner's POST, for Kuji::Volley.
sub claim_request {
    my ($slug, $me, %fields) = @_;
    my $path   = claim_path($slug, $me);
    %fields = (consent => 'yes', %fields);
    my $body   = join '&', map { "$_=" . Kuji::Form::_escape($fields{$_}) } sort keys %fields;
    my ($host) = site_url('first') =~ m{//(.+)};
    return join "\r\n", "POST $path HTTP/1.1", "Host: $host", 'Connection: close',
        'Content-Type: application/x-www-form-urlencoded', 'Sec-Fetch-Site: same-origin',
        'Accept: text/html', 'Cookie: ' . $me->cookies($path), 'Content-Length: ' . length $body, '', $body;
}

# Posts the winner's form, agreeing.
sub claim {
    my ($slug, $me, %fields) = @_;
    return Kuji::Admin::send($me, claim_path($slug, $me), consent => 'yes', %fields);
}

1;
