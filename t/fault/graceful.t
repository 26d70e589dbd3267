#!/usr/bin/perl
# Graceful restarts under load lose no accepted draw and leak no connection,
# thread or memory; a graceful stop finishes what it has accepted.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Kuji::Load;
use Kuji::Site ();
use Test::More;
use Time::HiRes qw(sleep);

my $site     = Kuji::Site->new(threads => 64);
my $restarts = $ENV{KUJI_FAULT_LONG} ? 100 : 8;
my $slug     = $site->campaign;

sub status_of {
    my ($pid) = @_;
    open my $file, '<', "/proc/$pid/status" or return {};
    return {map { /^(VmRSS|Threads):\s+(\d+)/ ? ($1 => $2) : () } <$file>};
}

sub descriptors {
    my ($pid) = @_;
    my @open = glob "/proc/$pid/fd/*";
    return scalar @open;
}

# One graceful restart, until the old generation has gone; the new child.
sub graceful {
    my %old = map { $_ => 1 } $site->children;
    kill 'USR1', $site->pid;
    for (1 .. 400) {
        sleep 0.05;
        my @now = $site->children;
        return $now[0] if @now == 1 && !$old{$now[0]};
    }
    return;
}

sub measure {
    my ($child) = @_;
    $site->draw($slug, "m-$child");
    sleep 0.3;
    my ($parent, $own) = (status_of($site->pid), status_of($child));
    return {
        parent      => $parent->{VmRSS},
        threads     => $own->{Threads},
        descriptors => descriptors($site->pid),
        connections => scalar $site->{pg}->backends,
    };
}

is $site->draw($slug, 'warm')->{status}, 201, 'draws at first';
my ($start, $end, $done) = (undef, undef, 0);
my $load = draw_load($site, $slug, seconds => 2 + $restarts,
    connections => 16, grace => 60, wait_ms => 20);
my $extra = 1;
for my $time (1 .. $restarts) {
    my $child = graceful() // last;
    $done++;
    if ($time == 2) {
        $start = measure($child);
        $extra++;
    }
    sleep 0.1;
}
is $done, $restarts, "$restarts graceful restarts";
my $sum = summary($load);
$end = measure(graceful());
$extra++;
ledger_ok({%$load, extra => $extra}, $sum, 'the ledger');
cmp_ok $end->{connections}, '<=', $start->{connections} + 1,
    "connections: $start->{connections}, $end->{connections}";
is $end->{threads}, $start->{threads}, 'threads of a child';
is $end->{descriptors}, $start->{descriptors}, 'open files of the parent';
SKIP: {
    # The sanitizer keeps what was freed for a while, to see who uses it still.
    skip 'memory says nothing under AddressSanitizer', 1
        if `nm -D $ENV{KUJI_MODULE}` =~ /__asan_init/;
    cmp_ok $end->{parent}, '<=', $start->{parent} * 1.05,
        "the parent's memory: $start->{parent} kB, $end->{parent} kB";
}
unlike $site->errors, qr/exit signal|did not exit/, 'no child died or hung';

my $last = $site->campaign;
my $until = draw_load($site, $last, seconds => 3, connections => 16,
    grace => 60, wait_ms => 20);
sleep 1.5;
ok $site->stop('WINCH'), 'a graceful stop ends';
is $site->{pg}->sql("SELECT count(*) FROM pg_stat_activity
    WHERE usename = 'kuji_web'"), 0, 'and leaves no connection';
$site->start;
ledger_ok($until, summary($until), 'the ledger across a stop');

done_testing;
