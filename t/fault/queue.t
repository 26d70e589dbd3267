#!/usr/bin/perl
# A queue that is full answers 503 at once; everything settles afterwards.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Kuji::Load;
use Kuji::Site ();
use Test::More;
use Time::HiRes qw(sleep time);

my $site = Kuji::Site->new(directives => ['KujiQueueLength 8']);
my $slug = $site->campaign;

is $site->draw($slug, 'warm')->{status}, 201, 'draws at first';
my $load = draw_load($site, $slug, seconds => 5, connections => 32);
sleep 1;
my $locker = $site->{pg}->sql_beside("BEGIN;
    SELECT 1 FROM kuji.campaign WHERE slug = '$slug' FOR UPDATE;
    SELECT pg_sleep(2.5); COMMIT");
sleep 0.7;
my (@fast, $busy);
for my $time (1 .. 10) {
    my $start = time;
    my $r = $site->draw($slug, "busy-$time");
    next if $r->{status} != 503;
    push @fast, time - $start if time - $start < 0.3;
    $busy = $r;
}
ok $busy, 'a full queue refuses';
is $busy && $busy->{json}{type}, '/problems/busy', 'as busy';
ok $busy && $busy->{headers}{'retry-after'}, 'with Retry-After';
ok scalar @fast, 'and does not keep its clients waiting';
waitpid $locker, 0;
my $sum = summary($load);
cmp_ok $sum->{retried}, '>', 0, 'clients were refused too';

# Settle the keys of this test itself, so that the count below is exact.
my $extra = 1;
for my $time (1 .. 10) {
    my $r = $site->draw($slug, "busy-$time");
    ok $r->{status} == 201 || $r->{status} == 200, "key $time has its draw";
    $extra++;
}
ledger_ok({%$load, extra => $extra}, $sum, 'the ledger');

done_testing;
