#!/usr/bin/perl
# The database dies in every way it can while draws come in. What was
# acknowledged stays true, nothing is drawn twice, and the first request after
# the recovery succeeds.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Kuji::Load;
use Kuji::Site ();
use Test::More;
use Time::HiRes qw(sleep time);

my $site    = Kuji::Site->new;
my $pg      = $site->{pg};
my $seconds = $ENV{KUJI_FAULT_LONG} ? 20 : 5;
my @open;
my $times   = $ENV{KUJI_FAULT_LONG} ? 5 : 1;

sub under_load {
    my ($name, $break) = @_;
    my $slug = $site->campaign;
    is $site->draw($slug, "warm-$slug")->{status}, 201, "$name: draws at first";
    # Fewer than may wait for an answer of a database that fails
    # (store/cache_int.h): were there more, the others would be told at once to
    # come again, and the first might be one of them.
    my $load = draw_load($site, $slug, seconds => $seconds, connections => 12);
    my $firsts = 0;
    for my $time (1 .. $times) {
        sleep 1.5;
        $break->($slug);
        ok defined $pg->wait_ready(60), "$name: the database is back";
        my $start = time;
        my $first = $site->draw($slug, "first-$slug-$time");
        is $first->{status}, 201, "$name: the first request then succeeds"
            or diag sprintf '%s after %.3f s; %s', $first->{content},
            time - $start, substr $site->errors, -2000;
        $firsts++ if $first->{status} == 201;
    }
    my $sum = summary($load);
    # Keys of this test's own that got no answer: asked again, so that the count
    # is exact.
    for my $key (splice @open) {
        like $site->draw($slug, $key)->{status}, qr/^20[01]$/,
            "$name: $key has its draw";
        $firsts++;
    }
    ledger_ok({%$load, extra => 1 + $firsts}, $sum, "$name: the ledger");
    return;
}

under_load('a backend killed', sub {
    my @backends = $pg->backends;
    ok scalar @backends, 'the module has backends';
    my @all = $pg->processes;
    kill 'KILL', $backends[0];
    ok $pg->wait_gone(@all), 'all are restarted';
});

under_load('the postmaster killed', sub {
    ok kill('KILL', $pg->postmaster), 'killed';
    sleep 0.5;
    $pg->start;
});

under_load('restart -m immediate', sub {
    ok $pg->ctl('restart', '-m', 'immediate'), 'restarted';
});

under_load('restart -m fast', sub {
    ok $pg->ctl('restart', '-m', 'fast'), 'restarted';
});

under_load('stopped in its tracks', sub {
    my ($slug) = @_;
    my @all = ($pg->postmaster, $pg->processes);
    kill 'STOP', @all;
    sleep 0.2;
    push @open, my $key = 'during-' . @open;
    my $during = $site->draw($slug, $key, 8);
    is $during->{status}, 503, 'meanwhile: 503';
    ok $during->{headers}{'retry-after'}, 'and when to come again';
    unlike $during->{content}, qr/"draws"/, 'and no result';
    is $site->get('/healthz')->{status}, 200, 'the process is well';
    kill 'CONT', @all;
});

done_testing;
