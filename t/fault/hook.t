#!/usr/bin/perl
# LINE's webhook is answered within two seconds while the database is slow, by
# as many statements for a hundred events as for one; where the database hangs
# the answer is no 200, and what LINE brings again is carried out, once.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Kuji::LineSite;
use Time::HiRes qw(sleep time);

my $at = Kuji::LineSite->new(servers => 1, threads => 32);
my ($site, $line) = @$at{qw(site line)};
$site->campaign({ gates => ['line'], title => '秋の大抽選会' });
is $at->settings(keyword => 'くじ')->{status}, 303, 'a keyword is set';
# Answers wait, so that they can be counted.
$line->fault('/v2/bot/', 'hang', times => -1, seconds => 600);
sub sql { return $at->sql($_[0]) }

# As many from as many users: half of them follow, half ask.
sub many {
    my ($name, $count) = @_;
    return [ map { $_ % 2 ? $at->said("$name$_", 'くじ', replyToken => "r$_") : $at->event('follow', "$name$_") } 1 .. $count ];
}

sub took {
    my ($events) = @_;
    my $begin = time;
    my $r = $at->hook({ events => $events });
    return ($r->{status}, time - $begin);
}

sub known { return join ' ', map { sql("SELECT count(*) FROM kuji.$_") } qw(line_event line_friend outbox) }

my ($status, $seconds) = took(many('quick', 100));
is $status, 200, 'a hundred events';
cmp_ok $seconds, '<', 2, sprintf 'within two seconds: %.3f s', $seconds;
is known(), '100 100 50', 'each is carried out';

# ---- slow: each statement that writes takes 0.3 s more ----
sql(q{CREATE FUNCTION public.slow() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_sleep(0.3); RETURN NULL; END $$});
sql("CREATE TRIGGER slow BEFORE INSERT ON kuji.$_ FOR EACH STATEMENT EXECUTE FUNCTION public.slow()")
    for qw(line_event line_friend outbox);
for my $count (1, 100) {
    ($status, $seconds) = took(many("slow$count-", $count));
    is $status, 200, "slow: $count events";
    cmp_ok $seconds, '>', 0.6, 'slow: it is';
    cmp_ok $seconds, '<', 2, sprintf 'slow: within two seconds: %.3f s', $seconds;
}
is known(), '201 201 101', 'slow: each is carried out';
sql("DROP TRIGGER slow ON kuji.$_") for qw(line_event line_friend outbox);

# ---- in its tracks ----
my $events = many('stuck', 10);
my @all = ($site->{pg}->postmaster, $site->{pg}->processes);
kill 'STOP', @all;
($status, $seconds) = took($events);
kill 'CONT', @all;
is $status, 503, 'stuck: no 200 for what is not kept';
note sprintf 'stuck: told so after %.1f s', $seconds;
my $again = [ map { { %$_, deliveryContext => { isRedelivery => JSON::PP::true } } } @$events ];
my $end = time + 30;
while (1) { # until the database is there again
    ($status) = took($again);
    last if $status == 200 || time > $end;
    sleep 0.2;
}
is $status, 200, 'stuck: LINE brings them again';
is known(), '211 211 106', 'stuck: each is carried out once';
is +(took($again))[0], 200, 'and again';
is known(), '211 211 106', 'once';

unlike $site->errors, qr/U[0-9a-f]{32}/, 'the log names nobody';

done_testing;
