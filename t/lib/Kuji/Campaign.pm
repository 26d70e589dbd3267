# A campaign's CONFIG for tests: what a test does not care about, filled in.
#
# SPDX-License-Identifier: Apache-2.0
package Kuji::Campaign;

use strict;
use warnings;
use Exporter 'import';
use Time::HiRes ();

our @EXPORT_OK = qw(config_of now_ms);

my @limits = qw(draws draws_per_day draws_per_participant
    draws_per_participant_day wins_per_participant);

sub now_ms {
    return int(Time::HiRes::time() * 1000);
}

sub prizes_of {
    my ($given) = @_;
    my %more = (
        odds   => { weight => 500_000 },
        moment => { from => $given->{opens_at}, until => $given->{closes_at} },
    );
    my @prizes = @{ $given->{prizes} // [ { code => 'A', units => 100 } ] };
    return [
        map {
            {
                name => "Prize $_->{code}",
                kind => 'message',
                %{ $more{ $given->{method} } // {} },
                %$_
            }
        } @prizes
    ];
}

# config_of(GIVEN, SLUG): GIVEN may hold any field of CONFIG; `limits` only
# the limits that matter.
sub config_of {
    my ($given, $slug) = @_;
    my %c = (
        slug      => $slug,
        title     => "Campaign $slug",
        method    => 'odds',
        opens_at  => now_ms() - 60_000,
        closes_at => now_ms() + 3_600_000,
        timezone  => 'Asia/Tokyo',
        gates     => ['open'],
        privacy   => { purpose => 'x', retention_days => 30 },
        %$given
    );
    $c{limits} = { map { $_ => $given->{limits}{$_} } @limits };
    $c{prizes} = prizes_of(\%c);
    if ($c{method} eq 'odds') {
        $c{odds_total} //= 1_000_000;
        $c{sold_out}   //= 'blank';
    }
    $c{blanks} //= 0 if $c{method} eq 'box';
    if ($c{method} eq 'raffle') {
        $c{alternates} //= 0;
        $c{beacon}     //= undef;
    }
    return \%c;
}

1;
