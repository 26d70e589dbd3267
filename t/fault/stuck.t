#!/usr/bin/perl
# The database is gone and 256 clients insist on drawing: /healthz and another
# site of the same httpd answer as ever, p99 within 100 ms.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Kuji::Load;
use Kuji::Site ();
use Test::More;
use Time::HiRes qw(sleep);

my $site = Kuji::Site->new(threads => 256);
my $pg   = $site->{pg};

sub stuck {
    my ($name, $break, $mend) = @_;
    my $slug = $site->campaign;
    is $site->draw($slug, "warm-$slug")->{status}, 201, "$name: draws at first";
    my $load = draw_load($site, $slug, seconds => 7, connections => 256,
        wait_ms => 100);
    sleep 1;
    $break->();
    sleep 1;
    my $health = get_load($site, '/healthz', seconds => 4, connections => 2,
        wait_ms => 5);
    my $page = get_load($site, '/page.html', host => 'neighbour.test',
        seconds => 4, connections => 2, wait_ms => 5);
    for ([$health, '/healthz'], [$page, 'the neighbour']) {
        my ($get, $what) = @$_;
        my $sum = summary($get);
        is $sum->{refused}, 0, "$name: $what always answers 200";
        cmp_ok $sum->{acked}, '>', 100, "$name: often enough to tell";
        cmp_ok $sum->{p99}, '<=', 100, "$name: $what, p99 $sum->{p99} ms";
    }
    isnt $site->get('/readyz')->{status}, 200, "$name: not ready, and says so";
    $mend->();
    my $sum = summary($load);
    cmp_ok $sum->{retried}, '>', 100, "$name: clients were told to come again";
    ledger_ok({%$load, extra => 1}, $sum, "$name: the ledger");
    return;
}

stuck('stopped', sub { $pg->stop('immediate') }, sub { $pg->start });

my @all;
stuck('in its tracks',
    sub { @all = ($pg->postmaster, $pg->processes); kill 'STOP', @all },
    sub { kill 'CONT', @all });

done_testing;
