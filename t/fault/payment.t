#!/usr/bin/perl
# Every child of httpd is killed at each step of a payment, at the counter, on
# the way back and in a refund: committed and not called yet, called, answered
# and not recorded, done, and at random. Nobody is charged twice, no right is
# lost, and the books agree at the end. Then two hundred come back from one
# payment at once.
# KUJI_FAULT_LONG=1: 1,000 kills instead of 15.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use IO::Socket::INET ();
use Time::HiRes qw(sleep time);
use Kuji::Admin ();
use Kuji::Form  ();
use Kuji::Pay   ();
use Kuji::Site  ();
use Kuji::Test;

my $runs = $ENV{KUJI_FAULT_LONG} ? ($ENV{KUJI_FAULT_RUNS} // 1000) : 15;
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

# Runs a request in a process of its own, which is waited for after the kill.
my @begun;
sub begin {
    my ($code) = @_;
    my $pid = fork // die "fork: $!";
    if (!$pid) {
        open STDERR, '>', '/dev/null';    # it is to be cut off
        eval { $code->() };
        require POSIX;
        POSIX::_exit(0);
    }
    push @begun, $pid;
    return;
}

# Waits for a state; false where it does not come about.
sub wait_until {
    my ($code) = @_;
    for (1 .. 500) {
        return 1 if $code->();
        sleep 0.02;
    }
    return 0;
}

sub is_true { return scalar(sql("SELECT EXISTS ($_[0])")) eq 't' }

# ---- a place where nobody answers ----
# The queue of who may come in is full: a caller waits for its connection, and
# not a byte of a call is on its way.
my $full = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1') or die $!;
listen $full, 0 or die $!;
my @queue = map { IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $full->sockport, Blocking => 0) } 1 .. 4;

sub move_to {
    my ($base) = @_;
    sql("UPDATE kuji.pay_settings SET config = jsonb_set(config, '{base}', to_jsonb('$base'::text))");
    return;
}
sub leave { move_to('http://127.0.0.1:' . $full->sockport); return }
sub come_back { move_to($pay->{line}->url('')); return }

# ---- the steps ----
# Each is a state that holds until the kill: of the stand-in, which holds what it
# is asked, or of the database. of: a condition that finds the payment.
my %reach = (
    'before the call' => sub {
        my (%o) = @_;
        if ($o{first}) {    # what is asked before it gets through
            wait_until(sub { $pay->{line}->requests($o{first}) }) or return 0;
            leave();
            $pay->{line}->release;
        }
        return wait_until(sub { is_true("SELECT FROM kuji.payment WHERE $o{of} AND asked = '$o{call}'") });
    },
    'under way' => sub {
        my (%o) = @_;
        return wait_until(sub { $pay->{line}->requests($o{path}) });
    },
    # Somebody else has the payment, so that its end cannot be written.
    'not recorded' => sub {
        my (%o) = @_;
        wait_until(sub { $pay->{line}->requests($o{path}) }) or return 0;
        begin(sub { sql("SET application_name = 'locker'; BEGIN; SELECT id FROM kuji.payment WHERE $o{of} FOR UPDATE;
            SELECT pg_sleep(60)") });
        my $locker = q{SELECT pid FROM pg_stat_activity WHERE application_name = 'locker' AND wait_event = 'PgSleep'};
        wait_until(sub { is_true($locker) }) or return 0;
        $pay->{line}->release;
        return wait_until(sub {
            is_true("SELECT FROM pg_stat_activity a, ($locker) AS l WHERE l.pid = ANY (pg_blocking_pids(a.pid))") });
    },
    'done' => sub {
        my (%o) = @_;
        return wait_until(sub { is_true("SELECT FROM kuji.payment WHERE $o{of} AND asked IS NULL AND state = '$o{state}'") });
    },
    'at random' => sub { sleep rand 0.08; return 1 },
);

my (%killed, @missed);
sub kill_at {
    my ($stage, $code, %o) = @_;
    my $before = $stage eq 'before the call';
    my $held   = $before ? $o{first} : $stage =~ /under way|not recorded/ ? $o{path} : undef;
    $pay->{line}->clear;
    $pay->{line}->fault($held, 'hold') if $held;
    leave() if $before && !$o{first};
    begin($code);
    push @missed, "$stage: $o{call}" if !$reach{$stage}->(%o);
    kill 'KILL', $site->children;
    $killed{$stage}++;
    come_back() if $before;
    $pay->{line}->release;    # the provider goes on with what it was asked
    sql(q{SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'locker'});
    waitpid $_, 0 for splice(@begun);
    $pay->{line}->{http} = HTTP::Tiny->new(timeout => 10);
    return;
}

# The job comes too early for it: it would do the step itself.
sub alone {
    my ($order) = @_;
    sql("UPDATE kuji.payment SET next_check_at = kuji_api.now_ms() + 3600000 WHERE order_id = '$order'");
    return;
}

my @stages = ('before the call', 'under way', 'not recorded', 'done', 'at random');
my @orders;
for my $run (1 .. $runs) {
    my $stage = $stages[ $run % @stages ];
    my $kind  = int($run / @stages) % 3;
    if ($kind == 0) {    # at the counter
        my $page = patiently(sub { $staff->get($base) });
        my ($key) = $page->{text} =~ /name="key" value="([^"]+)"/ or die "no form: $page->{status}";
        my %form = (key => $key, code => $pay->{line}->control(key => {})->{key});
        my $last = sql('SELECT coalesce(max(id), 0) FROM kuji.payment');
        kill_at($stage, sub { $staff->send($base, %form) }, of => "id > $last", call => 'begin', state => 'captured',
            path => '/v4/payments/oneTimeKeys/pay');
        # The clerk presses again: the same order, whatever became of it.
        my $r = patiently(sub { $staff->send($base, %form) });
        diag "counter: $r->{status}" if $r->{status} != 200;
        next;
    }
    my $me = Kuji::Form->new(site => 'fault');
    patiently(sub { $me->get("/k/$slug") });
    my $order = $pay->buy($me, $slug);
    alone($order);
    my $back = $pay->decide($order, 'agree');
    my $room = '/v4/payments/' . $pay->of($order, 'transaction_id');
    push @orders, [ $me, $order ];
    if ($kind == 1) {    # on the way back from the provider
        kill_at($stage, sub { $me->get($back) }, of => "order_id = '$order'", call => 'confirm', state => 'captured',
            first => $room =~ s{payments/}{payments/requests/}r . '/check', path => "$room/confirm");
        next;
    }
    patiently(sub { $me->get($back) });    # paid, then paid back
    my %sure = (reason => 'fault', confirm => substr $order, -6);
    kill_at($stage, sub { $staff->send("/admin/payments/$order/refund", %sure) }, of => "order_id = '$order'",
        call => 'refund', state => 'refunded', path => "$room/refund");
}
is_deeply \@missed, [], 'each kill came at its step';
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
my %states;
$states{ $_->[1] }++ for values %ours;
diag join ', ', map { "$states{$_} $_" } sort keys %states;
diag sprintf '%d charged, %d of them twice, %d rights lost, %d too many; %s', scalar keys %$charged, scalar @twice,
    scalar @lost, scalar @too_much, $said;
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
