#!/usr/bin/perl
# The Messaging API and the faults of its servers and of the way there (those
# that t/job/line_outbox.t does not have): each message is taken by LINE once,
# whoever is killed while it waits.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use HTTP::Tiny ();
use JSON::PP   ();
use Kuji::LineSite;
use Time::HiRes qw(sleep time);

my $at = Kuji::LineSite->new(servers => 1, threads => 16);
my ($site, $line) = @$at{qw(site line)};
my $json  = JSON::PP->new->utf8->canonical;
my $push  = '/v2/bot/message/push';
my $token = '/oauth2/v3/token';
my ($keys, $sent) = (0, 0);

sub sql { return $at->sql($_[0]) }

my $slug = $site->campaign({ gates => ['line'], odds_total => 1,
    prizes => [ { code => 'A', units => 1000, weight => 1, kind => 'message' } ] });
my $who = $at->join($slug, 'alice');
$at->friends('alice');

sub win {
    my $r = HTTP::Tiny->new(timeout => 30)->post("http://127.0.0.1:$site->{port}/api/v1/campaigns/$slug/draws", {
        headers => { Authorization => "Bearer $site->{token}", 'Content-Type' => 'application/json',
            'Idempotency-Key' => 'k' . ++$keys }, content => $json->encode({ participant => $who }) });
    die "$r->{status} $r->{content}" if $r->{status} != 201;
    return;
}

sub states { return scalar sql("SELECT coalesce(string_agg(x, ' ' ORDER BY x), '') FROM
    (SELECT state || coalesce(' ' || reason, '') || ':' || count(*) AS x FROM kuji.outbox GROUP BY state, reason) AS s") }

sub wait_for {
    my ($name, $what) = @_;
    my $end = time + 60;
    sleep 0.1 while states() !~ $what && time < $end;
    return like states(), $what, $name;
}

sub due { sql("UPDATE kuji.outbox SET due_at = 0 WHERE state IN ('queued', 'sending')"); return }

# What LINE has taken of one more win, under which keys and words it was asked.
sub once {
    my ($name) = @_;
    wait_for("$name: sent", qr/^sent:@{[ ++$sent ]}$/);
    is scalar @{ $line->show->{sent} }, $sent, "$name: LINE has taken it once";
    my @asked = $line->requests($push);
    my %key   = map { $_->{headers}{'x-line-retry-key'} => 1 } @asked;
    my %words = map { $_->{body} => 1 } @asked;
    is scalar keys %key,   1, "$name: under one key";
    is scalar keys %words, 1, "$name: in the same words";
    $line->clear;
    return scalar @asked;
}

# A new token at the next message.
sub no_token { $line->set('messaging.tokens' => {}); return }

# ---- on the way, and there ----
{
    win();
    once('no fault');
    $line->fault($push, 'delay', seconds => 2);
    win();
    is once('delay'), 1, 'delay: and asked once';
    $line->fault($push, 'duplicate');
    win();
    is once('duplicate'), 1, 'duplicate: LINE knows the second by its key (409)';
    $line->fault($push, 'drop');
    win();
    is once('drop'), 2, 'drop: at once again';
    $line->fault($push, 'drop_after');
    win();
    is once('drop_after'), 2, 'drop_after: at once again';
}

# ---- no token, no message; nothing is in doubt ----
for my $fault ([ 'status', status => 500 ], [ 'status', status => 429 ], ['garbage'], ['drop_after'],
    [ 'trickle', seconds => 2 ]) {
    my ($kind, %more) = @$fault;
    my $name = join ' ', 'no token:', $kind, %more;
    no_token();
    # Asking for one does no harm: what is lost is asked for again.
    $line->fault($token, $kind, %more, times => 8);
    # The friend is asked about first, with the old token: that is refused.
    win();
    wait_for("$name: it waits", qr/^queued (?:no answer|channel refused):1 sent:$sent$/);
    is sql("SELECT count(*) FROM kuji.outbox WHERE state = 'queued' AND handed_at IS NOT NULL"), 0, "$name: in no doubt";
    $line->clear;
    due();
    once($name);
}

# ---- whether it is a friend ----
{
    $line->fault('/v2/bot/profile/', 'status', status => 500, times => 4);
    win();
    wait_for('profile: it waits', qr/^queued line 500:1 sent:$sent$/);
    is scalar $line->requests($push), 0, 'profile: nothing was pushed';
    $line->clear;
    due();
    once('profile');
}

# ---- the channel has another secret ----
{
    my $channels = sub { $line->set(channels => { 1657000001 => { secret => '5ec7e71' . 'a' x 25,
        redirect => ['http://fault.test/login/line/callback'] }, 1657000009 => { secret => $_[0], redirect => [] } }) };
    my ($old, $new) = ('8c570fa6dd201bb328f1c1eac23a96d8', 'f' x 32);
    my $hook = sub { return $at->hook({ events => [] }, secret => $_[0])->{status} };
    is $hook->($old), 200, 'a webhook of the channel';
    $channels->($new);
    no_token();
    win();
    wait_for('rotated: the channel is refused', qr/^queued channel refused:1 sent:$sent$/);
    is $hook->($new), 403, 'rotated: a webhook with the new secret, which we do not know yet';
    is $at->settings(bot_secret => $new)->{status}, 303, 'rotated: the owner has set it';
    is $hook->($old), 403, 'rotated: the old secret signs nothing any more';
    is $hook->($new), 200, 'rotated: the new one does';
    due();
    once('rotated');
    $channels->($old);
    $at->settings;
}

# ---- killed between what LINE has taken and our note of it ----
sub killed {
    my $taken = scalar @{ $line->show->{sent} };
    $line->fault($push, 'trickle', seconds => 3);
    win();
    my $end = time + 30;
    sleep 0.05 while @{ $line->show->{sent} } == $taken && time < $end;
    is scalar @{ $line->show->{sent} }, $taken + 1, 'killed: LINE has it';
    kill 'KILL', ($site->children)[0];
    is sql("SELECT string_agg(state || ' ' || (handed_at > 0), '') FROM kuji.outbox WHERE state <> 'sent'"),
        'sending true', 'killed: the row says since when';
    return;
}

{
    killed();
    cmp_ok sql("SELECT due_at - kuji_api.now_ms() FROM kuji.outbox WHERE state = 'sending'"), '>', 600_000,
        'killed: it is left alone for the time of the lease';
    due();
    is once('killed'), 2, 'killed: again under the same key, which LINE knows (409)';
    is sql('SELECT max(tries) FROM kuji.outbox WHERE handed_at IS NULL'), 2, 'killed: by a second try';
}

# After a day LINE has forgotten the key: what is in doubt is not repeated.
{
    killed();
    my $key = sql("SELECT id FROM kuji.outbox WHERE state = 'sending'");
    $line->clear;
    sql("UPDATE kuji.outbox SET handed_at = handed_at - 90000000 WHERE state = 'sending'");
    due();
    wait_for('a day later: given up', qr/^gave_up nobody knows:1 sent:$sent$/);
    is scalar $line->requests($push), 0, 'a day later: LINE is not asked';
    is scalar(grep { $_->{key} eq $key } @{ $line->show->{sent} }), 1, 'a day later: it has it once';
}

unlike $site->errors, qr/U[0-9a-f]{32}/, 'the log names nobody';

done_testing;
