#!/usr/bin/perl
# kujictl on raffles: run once, after their end, with the beacon that was
# promised and no other; substitutes in their order.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Time::HiRes qw(sleep);
use Kuji::Campaign qw(now_ms);
use Kuji::Ctl;
use Kuji::CtlCampaign;
use Kuji::Test qw(draw);

my $end    = now_ms() + 6000;
my $raffle = make({ method => 'raffle', alternates => 2, closes_at => $end,
        prizes => [ { code => 'A', units => 2 } ] });
my $beacon = make({ method => 'raffle', closes_at => $end, prizes => [ { code => 'A', units => 1 } ],
        beacon => { chain_hash => '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971',
            round => 9, time => $end } });
is draw($_)->{status}, 201, "an entry of $_" for ($raffle) x 5, ($beacon) x 3;
refused('a raffle too early', 1, qr/entries are taken until/, qw(campaign raffle first), $raffle);


sleep 0.1 while now_ms() < $end + 300;
my @public = ('--randomness', 'ab' x 32, '--signature', '00ff');
refused('a beacon nobody named', 1, qr/names no beacon/, qw(campaign raffle first), $raffle, @public);
my $said = leaf('raffle', $raffle, qw(campaign raffle first), $raffle);
is scalar(@{ $said->{winners} }), 2, 'raffle: winners';
is scalar(@{ $said->{alternates} }), 2, 'raffle: alternates';
is join(',', sort split /\n/, row($raffle, 'k.n', 'JOIN kuji.claim k ON k.campaign_id = c.id')),
    join(',', sort map { $_->{n} } @{ $said->{winners} }), 'raffle: their claims';
refused('a raffle twice', 1, qr/cannot be run again/, qw(campaign raffle first), $raffle);
my ($winner, $next) = ($said->{winners}[0]{n}, $said->{alternates}[0]);
$said = leaf('substitute', $raffle, qw(campaign substitute first), $raffle, $winner,
    qw(--reason unreachable --note), 'a note');
is $said->{n}, $next, 'substitute: the first alternate';
is row($raffle, 'k.state', "JOIN kuji.claim k ON k.campaign_id = c.id AND k.n = $winner"),
    'void', "substitute: the winner's claim is void";
refused('a substitute twice', 1, qr/\S/, qw(campaign substitute first), $raffle, $winner,
    qw(--reason unreachable));
leaf('close', $raffle, qw(campaign close first), $raffle);
holds($raffle, qr/^seed +revealed/m);

refused('no beacon', 1, qr/randomness and signature are needed/, qw(campaign raffle first), $beacon);
refused('half a beacon', 2, qr/go together/, qw(campaign raffle first), $beacon, @public[ 0, 1 ]);
refused('a short beacon', 2, qr/64 hex digits/, qw(campaign raffle first), $beacon,
    qw(--randomness abcd --signature 00));
refused('a strange beacon', 2, qr/64 hex digits/, qw(campaign raffle first), $beacon,
    '--randomness', 'xy' x 32, qw(--signature 00));
refused('a strange signature', 1, qr/signature must be lower-case hex/, qw(campaign raffle first), $beacon,
    @public[ 0, 1 ], qw(--signature xyz));
is row($beacon, 'raffled_at IS NULL'), 't', 'it was not run';
$said = leaf('raffle', $beacon, qw(campaign raffle first), $beacon, @public);
is $said->{beacon}{randomness}, 'ab' x 32, 'raffle: with the beacon';
leaf('close', $beacon, qw(campaign close first), $beacon);
holds($beacon, qr/^seed +revealed/m);


no_database(qw(campaign raffle first), $raffle);
no_database(qw(campaign substitute first), $raffle, qw(1 --reason error));
everything_tried('campaign (?=raffle|substitute)');
done_testing;
