#!/usr/bin/perl
# Every child of httpd is killed at each step of a payment: before the call,
# while it is on its way, after the provider did it, before its answer is kept.
# Nobody is charged twice, no right is lost, and the books agree at the end.
# Then two hundred come back from one payment at once.
# KUJI_FAULT_LONG=1: 1,000 kills instead of 16.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Time::HiRes qw(sleep time);
use Kuji::Admin ();
use Kuji::Form  ();
use Kuji::Pay   ();
use Kuji::Site  ();
use Kuji::Test;

my $runs = $ENV{KUJI_FAULT_LONG} ? ($ENV{KUJI_FAULT_RUNS} // 1000) : 16;
my $site = Kuji::Site->new(servers => 2, threads => 64);
$ENV{KUJI_DATABASE} = $site->conninfo;
$ENV{KUJI_KEYFILE}  = "$site->{dir}/keys";
@ENV{qw(PGHOST PGPORT)} = ($site->{pg}{dir}, $site->{pg}{port});
Kuji::Test::meet('fault', "127.0.0.1:$site->{port}");

my $staff = Kuji::Admin->new(site => 'fault');
my $pay   = Kuji::Pay->new(site => 'fault', owner => $staff);
my $slug  = $pay->campaign(draws => 1);
my $base  = "/admin/campaigns/$slug/pay";

# Asks again while httpd starts its children anew.
sub patiently {
    my ($what) = @_;
    for (1 .. 100) {
        my $r = $what->();
        return $r if $r->{status} != 599 && $r->{status} != 503;
        sleep 0.1;
    }
    die 'httpd does not come back';
}

# Runs a request in a process of its own, whose end nobody waits for.
sub begin {
    my ($code) = @_;
    my $pid = fork // die "fork: $!";
    if (!$pid) {
        eval { $code->() };
        require POSIX;
        POSIX::_exit(0);
    }
    return $pid;
}

# The stand-in has seen that many requests of a path.
sub seen {
    my ($path, $count) = @_;
    for (1 .. 100) {
        return 1 if $pay->{line}->requests($path) >= $count;
        sleep 0.02;
    }
    return 0;
}

my %killed;
sub kill_at {
    my ($stage, $path, $code) = @_;
    $pay->{line}->clear;
    $pay->{line}->fault($path, 'delay', seconds => 0.3)  if $stage eq 'under way';
    $pay->{line}->fault($path, 'trickle', seconds => 0.05)  if $stage eq 'done';
    $pay->{line}->fault($path, 'delay', seconds => 0.15) if $stage eq 'unkept';
    my $pid = begin($code);
    my $lock;
    if ($stage eq 'at random') {
        sleep rand 0.08;
    }
    elsif (seen($path, 1)) {
        if ($stage eq 'unkept') {    # its end cannot be written for a while
            $lock = begin(sub { sql('BEGIN; LOCK TABLE kuji.payment IN SHARE MODE; SELECT pg_sleep(0.6)') });
            sleep 0.4;
        }
        sleep 0.1 if $stage eq 'done';
    }
    kill 'KILL', $site->children;
    $killed{$stage}++;
    waitpid $_, 0 for grep { $_ } $pid, $lock;
    $pay->{line}->{http} = HTTP::Tiny->new(timeout => 10);
    return;
}

my @stages = ('under way', 'done', 'unkept', 'at random');
my @orders;
for my $run (1 .. $runs) {
    my $stage = $stages[ $run % @stages ];
    my $kind  = int($run / @stages) % 3;
    if ($kind == 0) {    # at the counter
        my $page = patiently(sub { $staff->get($base) });
        my ($key) = $page->{text} =~ /name="key" value="([^"]+)"/ or die "no form: $page->{status}";
        my %form = (key => $key, code => $pay->{line}->control(key => {})->{key});
        kill_at($stage, '/v4/payments/oneTimeKeys/pay', sub { $staff->send($base, %form) });
        # The clerk presses again: the same order, whatever became of it.
        my $r = patiently(sub { $staff->send($base, %form) });
        diag "counter: $r->{status}" if $r->{status} != 200;
        next;
    }
    my $me = Kuji::Form->new(site => 'fault');
    patiently(sub { $me->get("/k/$slug") });
    my $order = $pay->buy($me, $slug);
    my $back  = $pay->decide($order, 'agree');
    push @orders, [ $me, $order ];
    if ($kind == 1) {    # on the way back from the provider
        my $path = '/v4/payments/' . $pay->of($order, 'transaction_id') . '/confirm';
        kill_at($stage, $path, sub { $me->get($back) });
        next;
    }
    patiently(sub { $me->get($back) });    # paid, then paid back
    my %sure = (reason => 'fault', confirm => substr $order, -6);
    kill_at($stage, '/v4/payments/' . $pay->of($order, 'transaction_id') . '/refund',
        sub { $staff->send("/admin/payments/$order/refund", %sure) });
}
diag join ', ', map { "$_: $killed{$_}" } sort keys %killed;
$pay->{line}->clear;

# Time goes by, and the job finds out.
my $open = 'SELECT count(*) FROM kuji.payment WHERE next_check_at IS NOT NULL';
for (1 .. 240) {
    sql('UPDATE kuji.payment SET next_check_at = 1, asked_at = asked_at - 600000 WHERE next_check_at IS NOT NULL');
    last if !sql($open);
    sleep 0.5;
}
is scalar(sql($open)), 0, "after $runs kills everything is known";

my $charged = $pay->{line}->show->{charged};
my @twice   = grep { @{ $charged->{$_} } != 1 } sort keys %$charged;
is_deeply \@twice, [], 'no order was charged twice';
my %ours = map { my @row = split /\|/; $row[0] => \@row } sql("SELECT p.order_id, p.state, p.captured, p.refunded,
    coalesce(l.uses_left, -1), coalesce(l.expires_at, -1)
    FROM kuji.payment p LEFT JOIN kuji.link l ON l.campaign_id = p.campaign_id AND l.digest = p.entry");
my (@lost, @too_much);
for my $order (sort keys %$charged) {
    my $is = $charged->{$order}[0];
    my ($us, $left) = ($ours{$order}, $is->{amount} - $is->{refunded});
    push @lost, "$order @$us" if $left > 0 && ($us->[1] ne 'captured' || $us->[4] != 1 || $us->[5] <= 0);
    push @too_much, "$order @$us" if $left == 0 && ($us->[1] ne 'refunded' || $us->[5] > 0);
}
is_deeply \@lost, [], 'no right was lost';
is_deeply \@too_much, [], 'and none was left to whoever has the money back';
is_deeply [ grep { $ours{$_}[2] > 0 && !$charged->{$_} } sort keys %ours ], [], 'nor given for nothing';
my $said = $site->ctl('pay', 'reconcile', 'fault');
like $said, qr/ 0 differences/, "the books agree: $said";
my ($one) = grep { $ours{ $_->[1] }[1] eq 'captured' } @orders;
is $one->[0]->post($slug, $one->[0]->form($slug))->{status}, 303, 'who was killed on the way back draws' if $one;

# ---- two hundred at once ----
my $me    = Kuji::Form->new(site => 'fault');
$me->get("/k/$slug");
my $order = $pay->buy($me, $slug);
my $back  = $pay->decide($order, 'agree');
my @seen  = parallel(200, sub { patiently(sub { $me->get($back) })->{status} });
is_deeply [ grep { $_ != 200 } @seen ], [], 'two hundred come back at once: each gets a page';
for (1 .. 100) { last if $pay->of($order, 'state') eq 'captured'; sleep 0.1 }
is scalar @{ $pay->charged($order) }, 1, 'charged once';
is scalar(sql("SELECT count(*) FROM kuji.link l JOIN kuji.payment p ON p.entry = l.digest WHERE p.order_id = '$order'")),
    1, 'one right';

done_testing;
