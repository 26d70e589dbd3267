#!/usr/bin/perl
# Synchronous replication whose standby is missing: a commit waits, the wait is
# cancelled, and PostgreSQL says COMMIT with a WARNING. Nobody may be shown a
# result then: it is on this host only.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Kuji::Load;
use Kuji::Site ();
use Test::More;
use Time::HiRes qw(sleep);

my $site = Kuji::Site->new(directives => ['KujiDrawTimeout 10s']);
my $pg   = $site->{pg};
my $slug = $site->campaign;

sub standby {
    my ($name) = @_;
    $pg->sql("ALTER SYSTEM SET synchronous_standby_names = '$name'");
    $pg->sql('SELECT pg_reload_conf()');
    sleep 0.3;
    return;
}

# Cancels the waits of the module's commits; how many.
sub cancel_waits {
    return $pg->sql("SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity
        WHERE usename = 'kuji_web' AND wait_event = 'SyncRep'");
}

sub cancel_one {
    for (1 .. 100) {
        return 1 if cancel_waits() > 0;
        sleep 0.05;
    }
    return 0;
}

# A request whose wait for the standby is cancelled.
sub while_waiting {
    my ($path) = @_;
    my $canceller = fork // die $!;
    if (!$canceller) {
        cancel_one();
        require POSIX;
        POSIX::_exit(0);
    }
    my $r = $site->get($path, 20, {Authorization => "Bearer $site->{token}"});
    waitpid $canceller, 0;
    return $r;
}

is $site->draw($slug, 'warm')->{status}, 201, 'draws at first';

standby('missing');
pipe my $reader, my $writer or die $!;
my $pid = fork // die $!;
if (!$pid) {
    my $r = $site->draw($slug, 'cancelled', 20);
    syswrite $writer, "$r->{status} " . ($r->{headers}{'retry-after'} // '-')
        . ' ' . ($r->{content} =~ /"draws"/ ? 'draws' : 'nothing');
    require POSIX;
    POSIX::_exit(0);
}
close $writer;
ok cancel_one(), 'a commit waits for the standby and is cancelled';
my $said = <$reader>;
waitpid $pid, 0;
like $said, qr/^503 \d+ nothing$/, '503, Retry-After, no result';

# What that commit left behind can be read in PostgreSQL, but is shown nowhere.
for my $path ("/k/$slug/checkpoint", "/k/$slug/ledger.jsonl", "/k/$slug",
    "/api/v1/campaigns/$slug/draws/2") {
    my $r = while_waiting($path);
    is $r->{status}, 503, "503 for $path";
    unlike $r->{content}, qr/"n":2|^[^\n]+\n3\n/, 'without the draw';
}
standby('');
my $again = $site->draw($slug, 'cancelled');
ok $again->{status} == 200 || $again->{status} == 201,
    'the same key gives the one true draw';
is $pg->sql("SELECT count(*) FROM kuji.draw AS d JOIN kuji.campaign AS c
    ON c.id = d.campaign_id WHERE slug = '$slug'"), 2, 'and there is one only';

my $load = draw_load($site, $slug, seconds => 6, connections => 32);
sleep 1;
standby('missing');
my $cancelled = 0;
for (1 .. 6) {
    $cancelled += cancel_one();
    sleep 0.2;
}
standby('');
cmp_ok $cancelled, '>', 2, "$cancelled commits cancelled under load";
my $sum = summary($load);
cmp_ok $sum->{repeated}, '>', 0, 'some draws were learnt by asking again';
ledger_ok({%$load, extra => 2}, $sum, 'the ledger');

done_testing;
