#!/usr/bin/perl
# Every win of who came by LINE is pushed, once: whatever LINE answers, whoever
# is killed while sending; and mails do not wait for it.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use HTTP::Tiny ();
use JSON::PP   ();
use Kuji::LineSite;
use Kuji::Mail;
use POSIX qw(strftime);
use Time::HiRes qw(sleep time);

my $server = Kuji::Mail->new;
my $at     = Kuji::LineSite->new(servers => 2, threads => 32, directives => [
    "KujiMailServer smtp://127.0.0.1:$server->{port}", 'KujiMailFrom kuji@mail.test' ]);
my ($site, $line) = @$at{qw(site line)};
my $json = JSON::PP->new->utf8->canonical;
my $keys = 0;
my $push = '/v2/bot/message/push';

sub sql { return $at->sql($_[0]) }

# A campaign whose every draw wins.
sub line_campaign {
    return $site->campaign({ gates => ['line'], odds_total => 1, claim_days => 30,
        prizes => [ { code => 'A', units => 1_000_000, weight => 1, kind => 'message' } ] });
}

sub win {
    my ($slug, $participant, $count) = @_;
    my $r = HTTP::Tiny->new(timeout => 30)->post("http://127.0.0.1:$site->{port}/api/v1/campaigns/$slug/draws", {
        headers => { Authorization => "Bearer $site->{token}", 'Content-Type' => 'application/json',
            'Idempotency-Key' => 'k' . ++$keys },
        content => $json->encode({ participant => $participant, count => $count // 1 }) });
    die "$r->{status} $r->{content} " . $site->errors if $r->{status} != 201;
    return;
}

sub states {
    my ($slug) = @_;
    return scalar sql("SELECT coalesce(string_agg(x, ' ' ORDER BY x), '') FROM
        (SELECT o.state || coalesce(' ' || o.reason, '') || ':' || count(*) AS x
         FROM kuji.outbox o JOIN kuji.campaign c ON c.id = o.campaign_id
         WHERE c.slug = '$slug' GROUP BY o.state, o.reason) AS s");
}

sub wait_for {
    my ($slug, $what, $seconds) = @_;
    my $end = time + ($seconds // 60);
    sleep 0.2 while states($slug) !~ $what && time < $end;
    like states($slug), $what, "$what";
    return;
}

sub due { sql("UPDATE kuji.outbox SET due_at = 0 WHERE channel = 'line' AND state = 'queued'"); return }

my $slug = line_campaign();
my $who  = $at->join($slug, 'alice');
$at->friends('alice');

# ---- a message ----
{
    win($slug, $who);
    wait_for($slug, qr/^sent:1$/);
    my ($sent) = @{ $line->show->{sent} };
    is $sent->{to}, $at->sub_of('alice'), 'to the one who won';
    is $sent->{key}, scalar sql("SELECT id FROM kuji.outbox WHERE channel = 'line'"), 'under the id of its row';
    my ($message) = @{ $sent->{messages} };
    is $message->{type}, 'text', 'a text';
    like $message->{text}, qr{おめでとうございます.*^http://fault\.test/k/\Q$slug\E/line\?draw=1$}ms, 'which leads to the prize';
    is sql("SELECT count(*) FROM kuji.outbox WHERE data IS NOT NULL OR address IS NOT NULL"), 0, 'no words of it are kept';
    is sql("SELECT is_friend FROM kuji.participant_line"), 't', 'a friend';
    my $me = $at->{people}{alice};
    is $me->get("/k/$slug/line?draw=1")->{headers}{location}, "/k/$slug/claims/1", 'who is known goes there at once';
    my $other = Kuji::Form->new(site => $at->{name});
    my $r = $other->get("/k/$slug/line?draw=1");
    $r = $at->there_and_back($other, $r->{headers}{location});
    is $r->{headers}{location}, "/k/$slug/claims/1", 'another browser by a log-in';
    win($slug, $who);
    wait_for($slug, qr/^sent:2$/);
    cmp_ok scalar $line->requests('/oauth2/v3/token'), '<=', 2, 'a token is good for many';
}

# ---- what is held of her ----
{
    my $me = $at->{people}{alice};
    like $me->get("/k/$slug/me/data")->{text}, qr{当選のお知らせ（LINE）.*送信済み}s, 'she sees what she was sent';
    my $data = $me->get("/k/$slug/me/data.json")->{json};
    is_deeply [ map { "$_->{channel} $_->{kind} $_->{state}" } @{ $data->{mails} } ], [ ('line win sent') x 2 ],
        'and takes it along';
}

# ---- who is no friend ----
{
    $line->clear;
    $at->friends();
    win($slug, $who);
    wait_for($slug, qr/^bounced not a friend:1 sent:2$/);
    is scalar $line->requests($push), 0, 'not pushed, so not called delivered';
    is sql("SELECT is_friend FROM kuji.participant_line"), 'f', 'that is known';
    $at->friends('alice');
    my $id = sql("SELECT id FROM kuji.outbox WHERE state = 'bounced'");
    is $at->{admin}->send("/admin/campaigns/$slug/outbox/$id/again")->{status}, 303, 'once more';
    wait_for($slug, qr/^sent:3$/);
}

# ---- what LINE answers ----
sub tries { return map { $_->{headers}{'x-line-retry-key'} } $line->requests($push) }

sub same_again {
    my ($name, $count) = @_;
    my %keys  = map { $_ => 1 } tries();
    my %words = map { $_->{body} => 1 } $line->requests($push);
    cmp_ok scalar(tries()), '>=', $count, "$name: $count tries";
    is scalar keys %keys, 1, "$name: under one key";
    is scalar keys %words, 1, "$name: in the same words";
    $line->clear;
    return;
}

sub delivered { return scalar @{ $line->show->{sent} } }

{
    $line->clear;
    $line->fault($push, 'status', status => 500);
    win($slug, $who);
    wait_for($slug, qr/^queued line 500:1 sent:3$/);
    is sql("SELECT count(*) FROM kuji.outbox WHERE handed_at IS NOT NULL AND state = 'queued'"), 1, 'in doubt';
    my $wait = sql("SELECT due_at - kuji_api.now_ms() FROM kuji.outbox WHERE state = 'queued'");
    cmp_ok $wait, '>', 30_000, 'again in a minute';
    sql(qq{UPDATE kuji.campaign_config SET config = config || '{"title": "another"}'});
    due();
    wait_for($slug, qr/^sent:4$/);
    same_again('500', 2);

    my $before = delivered();
    $line->fault($push, 'drop_after');
    win($slug, $who);
    wait_for($slug, qr/^sent:5$/);
    is delivered(), $before + 1, 'accepted, the answer lost: 409 is success';
    same_again('lost', 2);

    $line->fault($push, 'garbage');
    win($slug, $who);
    wait_for($slug, qr/^queued not an answer of line:1 sent:5$/);
    due();
    wait_for($slug, qr/^sent:6$/);
    is delivered(), $before + 2, 'garbage: once';
    same_again('garbage', 2);

    $line->fault($push, 'trickle', times => 1, seconds => 2);
    win($slug, $who);
    wait_for($slug, qr/^queued no answer:1 sent:6$/);
    due();
    wait_for($slug, qr/^sent:7$/);
    is delivered(), $before + 3, 'a trickle: once';
    same_again('trickle', 2);

    $line->fault($push, 'status', status => 400, body => '{"message":"The property, \'to\', is invalid"}');
    win($slug, $who);
    wait_for($slug, qr/^bounced line 400:1 sent:7$/);
    is scalar(tries()), 1, 'a no is a no';
    sql("DELETE FROM kuji.outbox WHERE state = 'bounced'");

    $line->clear;
    $line->set('messaging.tokens' => {});
    win($slug, $who);
    wait_for($slug, qr/^sent:8$/);
    cmp_ok scalar $line->requests('/oauth2/v3/token'), '>=', 1, 'a token that is over: another';
    $line->fault('/v2/bot/', 'status', times => 4, status => 401, body => '{"message":"Authentication failed"}');
    win($slug, $who);
    wait_for($slug, qr/^bounced line 401:1 sent:8$/);
    sql("DELETE FROM kuji.outbox WHERE state = 'bounced'");
    $line->clear;

    $line->fault($push, 'status', status => 429, headers => { 'Retry-After' => '900' },
        body => '{"message":"The API rate limit has been exceeded. Try again later."}');
    win($slug, $who);
    wait_for($slug, qr/^queued line 429:1 sent:8$/);
    $wait = sql("SELECT due_at - kuji_api.now_ms() FROM kuji.outbox WHERE state = 'queued'");
    cmp_ok $wait, '>', 800_000, 'as long as LINE asks for';
    is sql("SELECT count(*) FROM kuji.outbox WHERE handed_at IS NOT NULL AND state = 'queued'"), 0, 'it was not accepted';
    $site->stop('WINCH');
    $site->start;
    due();
    wait_for($slug, qr/^sent:9$/);
}

# ---- the month's messages ----
{
    $line->set('messaging.quota' => delivered());
    win($slug, $who, 5);
    wait_for($slug, qr/^queued monthly limit:5 sent:9$/);
    cmp_ok scalar $line->requests($push), '<=', 4, 'LINE is not asked for each';
    my $month = strftime '%Y-%m', gmtime(time + 9 * 3600);
    my $when  = sql("SELECT DISTINCT to_char(to_timestamp(due_at / 1000) AT TIME ZONE 'Asia/Tokyo', 'DD HH24:MI')
        FROM kuji.outbox WHERE state = 'queued'");
    like $when, qr/^(?:01 00:00|\d\d 23:59)$/, 'until the next month, in Japan';
    is sql("SELECT bool_and(expires_at > due_at) FROM kuji.outbox WHERE state = 'queued'"), 't', 'and of use then';
    # The next win finds out anew; the others are not written again for it, of
    # which there may be a million.
    my $rows = "SELECT string_agg(o.id || ' ' || o.xmin, ',' ORDER BY o.id) FROM kuji.outbox o WHERE o.id IN (%s)";
    my $ids  = join ',', map { "'$_'" } split /\n/, sql("SELECT id FROM kuji.outbox WHERE state = 'queued'");
    my $were = sql(sprintf $rows, $ids);
    win($slug, $who);
    wait_for($slug, qr/^queued monthly limit:6 sent:9$/);
    is sql(sprintf $rows, $ids), $were, 'what waits already is left alone';
    my $page = $at->{admin}->get("/admin/campaigns/$slug/mail")->{text};
    like $page, qr/monthly limit|今月の上限/, 'the console says so';
    my $begin = time;
    $page = $at->{admin}->get('/admin/line/messages')->{text};
    like $page, qr{使った通数</dt><dd>@{[ delivered() ]}<.*上限</dt><dd>@{[ delivered() ]}<}s, 'the quota';
    like $page, qr/今月の上限に達しました。/, 'is used up';
    like $page, qr{送信待ち</dt><dd>6<.*送信済み</dt><dd>9<}s, 'what waits and what was sent';
    like $page, qr{来月のはじめに送ります）</th>\s*<td class="number">6<}, 'and why';
    $at->{admin}->get('/admin/line/messages') for 1 .. 5;
    cmp_ok scalar $line->requests('/v2/bot/message/quota'), '<=', 2, 'LINE is asked once in some minutes';

    # Tried again by hand, while there are none yet, and once there are.
    like $page, qr{<p>今月の上限に達したため、6 通のお知らせが .{4,40} まで待っています。</p>}, 'how many wait, and until when';
    my $held = q{SELECT count(*) FROM kuji.outbox WHERE state = 'queued' AND due_at > kuji_api.now_ms()};
    my $again = sub { return $at->{admin}->send('/admin/line/messages/again') };
    $line->clear;
    is $again->()->{status}, 303, 'send them now';
    like $at->{admin}->get('/admin/line/messages')->{text}, qr/6 通を順に送ります。/, 'so it says';
    my $end = time + 30;
    sleep 0.2 while (!$line->requests($push) || sql($held) < 6) && time < $end;
    is sql($held), 6, 'still used up: they wait again';
    is states($slug), 'queued monthly limit:6 sent:9', 'for the same reason';
    cmp_ok scalar $line->requests($push), '<=', 4, 'after few requests';
    $line->set('messaging.quota' => undef);
    is $again->()->{status}, 303, 'once there are more';
    wait_for($slug, qr/^sent:15$/);
    is $again->()->{status}, 303, 'once too often';
    $page = $at->{admin}->get('/admin/line/messages')->{text};
    like $page, qr/待っているお知らせは、もうありません。/, 'nothing waits';
    unlike $page, qr{line/messages/again}, 'nor is there a button';
    is sql(q{SELECT string_agg(detail->>'count', ' ' ORDER BY seq) FROM kuji.audit WHERE action = 'line.again'}), '6 6',
        'both are in the audit log';
}

# ---- a dead LINE: mails go out, draws go on ----
{
    my $mailed = $site->campaign({ gates => ['email'], odds_total => 1,
        prizes => [ { code => 'A', units => 1_000_000, weight => 1, kind => 'message' } ] });
    my $r = HTTP::Tiny->new(max_redirect => 0)->post_form("http://127.0.0.1:$site->{port}/k/$mailed/mail",
        [ address => 'taro@example.com' ], { headers => { 'Sec-Fetch-Site' => 'same-origin' } });
    my ($c) = ($r->{headers}{location} // '') =~ /c=(\S+)/ or die "$r->{status} $r->{content}";
    my ($mail) = $server->to('taro@example.com', 1);
    my ($code) = code_of($mail);
    HTTP::Tiny->new(max_redirect => 0)->post_form("http://127.0.0.1:$site->{port}/k/$mailed/mail/code",
        [ challenge => $c, code => $code ], { headers => { 'Sec-Fetch-Site' => 'same-origin' } });
    my $reader = 'mail:' . sql("SELECT encode(identity, 'hex') FROM kuji.mail_challenge WHERE id = '$c'");
    $line->clear;
    $line->fault('/v2/bot/', 'hang', times => -1, seconds => 120);
    win($slug, $who, 100) for 1 .. 3;
    my $end = time + 30;
    sleep 0.1 while !$line->requests('/v2/bot/profile/' . $at->sub_of('alice')) && time < $end;
    my $begin = time;
    win($mailed, $reader, 3);
    cmp_ok time - $begin, '<', 5, 'a draw meanwhile';
    $server->to('taro@example.com', 4, 20);
    is states($mailed), 'sent:4', 'mails go out while LINE hangs';
    unlike states($slug), qr/sent:(?!15\b)/, 'and LINE still hangs';
    like $site->errors, qr/KJ0403: LINE takes nothing: /, 'the log says so';
    unlike $site->errors, qr/U[0-9a-f]{32}|@{[ $at->sub_of('alice') ]}/, 'and names nobody';
    $begin = time;
    is $at->{admin}->get('/admin/line/messages')->{status}, 200, 'the page is there';
    cmp_ok time - $begin, '<', 8, 'in time';
    # Erased: nothing is sent any more.
    my $me = $at->{people}{alice};
    is $me->ask('POST', "/k/$slug/me/erase", body => 'confirm=erase', headers => { 'Sec-Fetch-Site' => 'same-origin',
        'Content-Type' => 'application/x-www-form-urlencoded' })->{status}, 303, 'she has it all erased';
    is sql("SELECT count(*) FROM kuji.outbox o JOIN kuji.campaign c ON c.id = o.campaign_id WHERE c.slug = '$slug'"), 0,
        'and her messages with it';
    is sql("SELECT count(*) FROM kuji.participant_line"), 0, 'and who she is';
    $line->clear;
}

# ---- a thousand wins; children killed, restarts ----
{
    my $slug = line_campaign();
    my $who  = $at->join($slug, 'bob');
    $at->friends('bob');
    my $bob  = $at->sub_of('bob');
    my $sent = sub { scalar grep { ($_->{to} // '') eq $bob } @{ $line->show->{sent} } };
    $site->stop('WINCH');
    $site->start;
    win($slug, $who, 100) for 1 .. 10;
    for my $many (100, 300, 500) {
        sleep 0.05 while $sent->() < $many;
        kill 'KILL', ($site->children)[0];
    }
    sleep 0.2 while $sent->() < 700;
    $site->httpd('-k', 'graceful');
    my $end = time + 120;
    while (states($slug) ne 'sent:1000' && time < $end) {
        sleep 0.5;
        # The killed ones' tens at most, once nobody else has any.
        sql("UPDATE kuji.outbox SET due_at = 0 WHERE state = 'sending'")
            if states($slug) =~ /^sending:\d+ sent:\d+$/ && !$site->{swept}++;
    }
    is states($slug), 'sent:1000', 'a thousand are sent';
    my %keys;
    $keys{ $_->{key} }++ for grep { ($_->{to} // '') eq $bob } @{ $line->show->{sent} };
    is scalar keys %keys, 1000, 'all thousand are there';
    is scalar(grep { $_ > 1 } values %keys), 0, 'each once';
    my %text;
    $text{ $_->{messages}[0]{text} =~ /draw=(\d+)$/m ? $1 : '' }++
        for grep { ($_->{to} // '') eq $bob } @{ $line->show->{sent} };
    is scalar keys %text, 1000, 'of a thousand draws';
}

done_testing;
