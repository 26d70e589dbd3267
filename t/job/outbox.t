#!/usr/bin/perl
# Every win is mailed, once: whatever the mail server answers, whoever is killed
# while sending, with the database away for a while, over a restart.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use HTTP::Tiny ();
use JSON::PP   ();
use Kuji::Mail;
use Kuji::Site ();
use Time::HiRes qw(sleep time);

my $server = Kuji::Mail->new;
my $site   = Kuji::Site->new(servers => 2, threads => 32, directives => [
    "KujiMailServer smtp://127.0.0.1:$server->{port}", 'KujiMailFrom kuji@mail.test' ]);
my $json = JSON::PP->new->utf8->canonical;
my $keys = 0;

sub post {
    my ($path, %fields) = @_;
    return HTTP::Tiny->new(max_redirect => 0)->post_form("http://127.0.0.1:$site->{port}$path",
        [%fields], { headers => { 'Sec-Fetch-Site' => 'same-origin' } });
}

sub sql { return $site->{pg}->sql($_[0], 'kuji') }

# A campaign whose every draw wins, and the id of somebody who confirmed an
# address there.
sub campaign {
    my ($address) = @_;
    my $slug = $site->campaign({ gates => ['email'], odds_total => 1,
        prizes => [ { code => 'A', units => 1_000_000, weight => 1, kind => 'message' } ] });
    my $r = post("/k/$slug/mail", address => $address);
    my ($c) = ($r->{headers}{location} // '') =~ /c=(\S+)/ or die "$r->{status} $r->{content}";
    my ($mail) = $server->to($address, 1);
    my ($code) = code_of($mail);
    $r = post("/k/$slug/mail/code", challenge => $c, code => $code);
    die "not confirmed: $r->{status}" if $r->{status} != 303;
    return ($slug, 'mail:' . sql("SELECT encode(identity, 'hex') FROM kuji.mail_challenge WHERE id = '$c'"));
}

sub win {
    my ($slug, $participant, $count) = @_;
    my $r = HTTP::Tiny->new->post("http://127.0.0.1:$site->{port}/api/v1/campaigns/$slug/draws", {
        headers => { Authorization => "Bearer $site->{token}", 'Content-Type' => 'application/json',
            'Idempotency-Key' => 'k' . ++$keys },
        content => $json->encode({ participant => $participant, count => $count }) });
    die "$r->{status} $r->{content}" if $r->{status} != 201;
    return;
}

sub states {
    my ($slug, $kind) = @_;
    return scalar sql("SELECT coalesce(string_agg(x, ' ' ORDER BY x), '') FROM
        (SELECT o.state || coalesce(' ' || o.reason, '') || ':' || count(*) AS x
         FROM kuji.outbox o JOIN kuji.campaign c ON c.id = o.campaign_id
         WHERE c.slug = '$slug' AND o.kind = '$kind' GROUP BY o.state, o.reason) AS s");
}

sub wait_for {
    my ($slug, $kind, $what, $seconds) = @_;
    my $end = time + ($seconds // 20);
    sleep 0.2 while states($slug, $kind) !~ $what && time < $end;
    like states($slug, $kind), $what, "$kind: $what";
    return;
}

# Mails about wins by draw: number => [Message-IDs].
sub by_draw {
    my ($slug) = @_;
    my %by;
    for my $mail ($server->all) {
        push @{ $by{$1} }, $mail->{headers}{'message-id'}
            if $mail->{body} =~ m{/k/\Q$slug\E/mail\?n=(\d+)$}m;
    }
    return %by;
}

sub once {
    my ($slug, $count, $name, $twice) = @_;
    my %by  = by_draw($slug);
    my @odd = grep { @{ $by{$_} } > 1 } keys %by;
    is scalar keys %by, $count, "$name: all $count are there";
    cmp_ok scalar @odd, '<=', $twice // 0, "$name: " . ($twice ? "at most $twice twice" : 'each once');
    for my $n (@odd) {
        my %ids = map { $_ => 1 } @{ $by{$n} };
        is scalar keys %ids, 1, "$name: what came twice is known by its Message-ID";
    }
    return;
}

# -- what the server answers
{
    my ($slug, $who) = campaign('taro@example.com');
    win($slug, $who, 1);
    wait_for($slug, 'win', qr/^sent:1$/);
    $server->ask('refuse', '550 5.1.1 <taro@example.com>: no such user');
    win($slug, $who, 1);
    wait_for($slug, 'win', qr/^bounced 550 5\.1\.1:1 sent:1$/);
    $server->ask('refuse', '452 4.2.2 <taro@example.com>: full');
    win($slug, $who, 1);
    wait_for($slug, 'win', qr/queued 452 4\.2\.2:1 sent:1$/);
    my $wait = sql("SELECT due_at - kuji_api.now_ms() FROM kuji.outbox WHERE reason = '452 4.2.2'");
    cmp_ok $wait, '>', 50_000, 'tried again in a minute';
    cmp_ok $wait, '<=', 60_000, 'or less';
    $server->ask('refuse');
    sql("UPDATE kuji.outbox SET due_at = 0 WHERE state = 'queued'");
    wait_for($slug, 'win', qr/^bounced 550 5\.1\.1:1 sent:2$/);
    sql("UPDATE kuji.outbox SET state = 'queued', ended_at = NULL, tries = 9, due_at = 0 WHERE state = 'bounced'");
    $server->ask('refuse', '452 4.2.2 full');
    wait_for($slug, 'win', qr/^queued 452 4\.2\.2:1 sent:2$/);
    $wait = sql("SELECT due_at - kuji_api.now_ms() FROM kuji.outbox WHERE state = 'queued'");
    cmp_ok $wait, '>', 4 * 3600_000 - 60_000, 'the tenth time in four hours';
    sql("UPDATE kuji.outbox SET expires_at = created_at + 1, due_at = 0 WHERE state = 'queued'");
    wait_for($slug, 'win', qr/^gave_up 452 4\.2\.2:1 sent:2$/);
    $server->ask('refuse');

    # A void win is not told of any more.
    $server->ask('refuse', '452 4.2.2 full');
    win($slug, $who, 1);
    wait_for($slug, 'win', qr/queued 452 4\.2\.2:1/);
    $site->ctl('campaign', 'void', 'fault', $slug, '4', '--reason', 'error');
    $server->ask('refuse');
    sql("UPDATE kuji.outbox SET due_at = 0 WHERE state = 'queued'");
    wait_for($slug, 'win', qr/gave_up void:1/);
    unlike $site->errors, qr/example\.com/, 'no address in the log';
}

# -- a connection that is cut after DATA; mails after DATA refused
{
    my ($slug) = campaign('hanako@example.com');
    post("/k/$slug/mail", address => 'drop@example.com');
    post("/k/$slug/mail", address => 'full@example.com');
    post("/k/$slug/mail", address => 'bounce@example.com');
    wait_for($slug, 'code', qr/^bounced 550 5\.1\.1:1 bounced 552 5\.2\.2:1 queued (?:no answer|354):1 sent:1$/);
    sql("UPDATE kuji.outbox SET due_at = 0 WHERE state = 'queued'");
    my @mails = $server->to('drop@example.com', 2);
    is scalar @mails, 2, 'no answer: sent again';
    is $mails[0]{headers}{'message-id'}, $mails[1]{headers}{'message-id'}, 'under the same Message-ID';
    wait_for($slug, 'code', qr/sent:2$/);
}

# -- a slow server holds up neither draws nor closes
{
    my ($slug, $who) = campaign('jiro@example.com');
    $server->ask('pause', '5');
    win($slug, $who, 3);
    sleep 1.5;
    my $begin = time;
    win($slug, $who, 1);
    cmp_ok time - $begin, '<', 1, 'a draw meanwhile';
    my $short = $site->campaign({ opens_at => int(time * 1000) - 60_000, closes_at => int(time * 1000) + 1500 });
    my $status = '';
    for (1 .. 50) {
        last if ($status = sql("SELECT status FROM kuji.campaign WHERE slug = '$short'")) eq 'closed';
        sleep 0.1;
    }
    is $status, 'closed', 'and a campaign closes in time';
    $server->ask('pause');
    wait_for($slug, 'win', qr/^sent:4$/, 40);
    once($slug, 4, 'slow');
}

# -- a server that is away
{
    my ($slug, $who) = campaign('saburo@example.com');
    $server->stop;
    win($slug, $who, 2);
    wait_for($slug, 'win', qr/queued no answer/);
    $server->start;
    sql("UPDATE kuji.outbox SET due_at = 0 WHERE state = 'queued'");
    wait_for($slug, 'win', qr/^sent:2$/, 30);
    once($slug, 2, 'away');
    like $site->errors, qr/KJ0403: the mail server takes nothing: no answer/, 'the log says so';
}

# -- a thousand wins; children killed, the database away, restarts
{
    my ($slug, $who) = campaign('shiro@example.com');
    my $sent = sub { my %by = by_draw($slug); scalar keys %by };
    win($slug, $who, 100) for 1 .. 10;
    sleep 0.05 while $sent->() < 100;
    kill 'KILL', ($site->children)[0];
    sleep 0.05 while $sent->() < 300;
    $site->{pg}->stop('fast');
    sleep 1;
    $site->{pg}->start;
    # What the killed child had taken is taken again when its lease is over.
    sleep 0.2 while $sent->() < 500;
    is sql("SELECT count(*) > 0 FROM kuji.outbox WHERE state = 'sending' AND due_at < kuji_api.now_ms() + 600000"),
        'f', 'a lease is for a quarter of an hour';
    $site->httpd('-k', 'graceful');
    sleep 0.2 while $sent->() < 700;
    $site->stop('WINCH');
    $site->start;
    my $end = time + 90;
    while (states($slug, 'win') ne 'sent:1000' && time < $end) {
        sleep 0.5;
        # The killed one's ten at most, once nobody else has any.
        sql("UPDATE kuji.outbox SET due_at = 0 WHERE state = 'sending'")
            if states($slug, 'win') =~ /^sending:\d+ sent:\d+$/ && !$site->{swept}++;
    }
    is states($slug, 'win'), 'sent:1000', 'a thousand are sent';
    once($slug, 1000, 'a thousand', 1);
}

done_testing;
