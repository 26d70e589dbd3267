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

our @EXPORT = qw(claim claim_path winner winners_campaign %taro);

our %taro = (name => '山田 太郎', postal => '060-0001',
    address => '札幌市中央区1-2', phone => '090-1234-5678');

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

# Posts the winner's form.
sub claim {
    my ($slug, $me, %fields) = @_;
    return Kuji::Admin::send($me, claim_path($slug, $me), %fields);
}

1;
