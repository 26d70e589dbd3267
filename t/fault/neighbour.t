#!/usr/bin/perl
# One campaign's row is locked for 5 s: another campaign's p99 stays below
# twice what it was. Medians of three pairs, because machines have moods.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Kuji::Load;
use Kuji::Site ();
use Test::More;
use Time::HiRes qw(sleep);

my $site   = Kuji::Site->new;
my $locked = $site->campaign;
my $other  = $site->campaign;

sub median {
    my @v = sort { $a <=> $b } @_;
    return $v[$#v / 2];
}

# p99 of the other campaign while both are drawn from.
my @loads;
sub measure {
    my ($seconds) = @_;
    my $first = draw_load($site, $locked, seconds => $seconds + 1,
        connections => 16);
    my $second = draw_load($site, $other, seconds => $seconds,
        connections => 16);
    my ($other_sum, $locked_sum) = (summary($second), summary($first));
    push @loads, [$first, $locked_sum], [$second, $other_sum];
    return $other_sum->{p99};
}

measure(1);
my (@before, @during);
for my $pair (1 .. 3) {
    push @before, measure(4);
    my $locker = $site->{pg}->sql_beside("BEGIN;
        SELECT 1 FROM kuji.campaign WHERE slug = '$locked' FOR UPDATE;
        SELECT pg_sleep(5); COMMIT");
    sleep 0.3;
    push @during, measure(4);
    waitpid $locker, 0;
}
my ($before, $during) = (median(@before), median(@during));
cmp_ok $during, '<', 2 * $before,
    sprintf 'p99 %.1f ms, %.1f ms beside a locked campaign', $before, $during;

# All loads of a campaign share its log: judge them as one.
for my $slug ($locked, $other) {
    my @of = grep { $_->[0]{slug} eq $slug } @loads;
    my %sum;
    for my $pair (@of) {
        $sum{$_} += $pair->[1]{$_} for qw(acked refused unknown);
    }
    ledger_ok($of[0][0], \%sum, "the ledger of $slug");
}

done_testing;
