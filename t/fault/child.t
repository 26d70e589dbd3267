#!/usr/bin/perl
# A child of httpd is killed while it commits: what it acknowledged is there,
# what it did not is settled by the key.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Kuji::Load;
use Kuji::Site ();
use Test::More;
use Time::HiRes qw(sleep);

my $site = Kuji::Site->new(servers => 2);
my $slug = $site->campaign;
my $kills = $ENV{KUJI_FAULT_LONG} ? 10 : 2;

is $site->draw($slug, 'warm')->{status}, 201, 'draws at first';
my $load = draw_load($site, $slug, seconds => 2 + $kills * 2,
    connections => 32);
for my $time (1 .. $kills) {
    sleep 1.5;
    my @children = $site->children;
    ok scalar @children, 'there are children';
    kill 'KILL', $children[0];
    sleep 0.5;
    is $site->draw($slug, "after-$time")->{status}, 201, 'the others go on';
}
my $sum = summary($load);
cmp_ok $sum->{retried}, '>', 0, 'clients noticed';
ledger_ok({%$load, extra => 1 + $kills}, $sum, 'the ledger');
my $left = grep { $_ } map { $site->{pg}->sql(
    "SELECT count(*) FROM pg_stat_activity WHERE usename = 'kuji_web'
        AND state LIKE 'idle in transaction%'") } 1;
is $left, 0, 'no transaction of the dead is left open';

done_testing;
