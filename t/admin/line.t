#!/usr/bin/perl
# The console's page of LINE: channels, LIFF, Mini App and the official account
# are set, secrets go in and never come out, and a press asks LINE whether it is
# right.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Encode qw(decode_utf8);
use Test::More;
use Time::HiRes qw(time);
use Kuji::Admin ();
use Kuji::Form  ();
use Kuji::Line  ();
use Kuji::Test;

binmode Test::More->builder->$_, ':encoding(UTF-8)' for qw(output failure_output);

my $line = Kuji::Line->new;
my ($secret, $bot_secret) = ('5ec7e71' . 'a' x 25, '5ec7e72' . 'b' x 25);
my @back = ('http://' . (sql("SELECT host FROM kuji.tenant WHERE name = 'first'"))[0]
    . '/login/line/callback');
$line->set(channels => {
    1657000001 => {secret => $secret,     redirect => \@back},
    1657000009 => {secret => $bot_secret, redirect => []},
});
my $owner = Kuji::Admin->new;
my %full = (
    channel => '1657000001', secret => $secret, bot_prompt => 'normal', friendship => 'yes',
    liff => '1657000001-AbcdEfgh',
    mini_developing => '2001', mini_developing_liff => '2001-Develope',
    mini_review => '2002', mini_review_liff => '2002-Reviewed',
    mini_published => '2003', mini_published_liff => '2003-Publishd',
    bot => '1657000009', bot_secret => $bot_secret, friend => '@kujiya', keyword => 'くじ',
    access => $line->url(''), api => $line->url(''));

sub page { return $owner->get('/admin/line')->{text} }

sub save {
    my (%f) = @_;
    my ($expected) = page() =~ /name="expected" value="(\d+)"/;
    return $owner->send('/admin/line', expected => $expected, %f);
}

sub test { return $owner->send('/admin/line/test') }

# What the page says of one of the things tested.
sub found {
    my ($r, $what) = @_;
    my ($word) = $r->{text} =~ m{<dt>\Q$what\E[^<]*</dt><dd><strong>([^<]*)};
    return $word;
}

sub row {
    my ($what) = @_;
    return decode_utf8((sql("SELECT $what FROM kuji.line l
        JOIN kuji.tenant t ON t.id = l.tenant_id WHERE t.name = 'first'"))[0]);
}

# ---- whose page it is ----
for my $role (qw(editor staff viewer)) {
    my $other = Kuji::Admin->new(role => $role);
    is $other->get('/admin/line')->{status}, 403, "not the $role\'s";
    is $other->send('/admin/line/test')->{status}, 403, 'nor the test';
}

# ---- nothing is set yet ----
sql("DELETE FROM kuji.line l USING kuji.tenant t WHERE t.id = l.tenant_id AND t.name = 'first'");
my $page = page();
like $page, qr{<code>http://[^<]+/login/line/callback</code>}, 'what is to be registered: callback';
like $page, qr{<code>http://[^<]+/liff</code>}, 'endpoint';
like $page, qr{<code>http://[^<]+/liff\?app=review</code>}, "the Mini App's";
like $page, qr{<code>http://[^<]+/hooks/line</code>}, 'webhook';
unlike $page, qr{action="/admin/line/test"}, 'there is nothing to test';
is test()->{status}, 409, 'nor is it tested';

# ---- what cannot be ----
for my $case (
    [channel            => '',                   'チャネルID'],
    [secret             => '',                   'シークレット'],
    [secret             => 'with space',         'シークレット'],
    [liff               => 'AbcdEfgh',           'LIFF ID'],
    [mini_review        => '',                   'LIFF IDと組'],
    [mini_review_liff   => '',                   'チャネルIDと組'],
    [bot                => '@kujiya',            'チャネルID'],
    [bot_secret         => '',                   'シークレット'],
    [friend             => 'kujiya',             'ベーシックID'],
    [friend             => 'javascript:alert(1)', 'ベーシックID'],
    [keyword            => 'x' x 101,            '100バイト'],
    [api                => 'http://line.example', 'https://'],
    [access             => 'https://line.example/a', 'https://'],
    [bot_prompt         => 'loud',               '選択肢'],
) {
    my ($name, $value, $said) = @$case;
    my $r = save(%full, $name => $value);
    is $r->{status}, 422, "$name=$value";
    like $r->{text}, qr{id="f-$name-error"[^>]*>[^<]*\Q$said\E}, 'said at the field';
    unlike $r->{text}, qr/\Q$secret\E|\Q$bot_secret\E/, 'secrets do not come back';
}
is row('count(*)'), 0, 'and nothing was saved';

# ---- saved, shown, changed ----
my $r = save(%full);
is $r->{status}, 303, 'saved';
like $owner->follow($r)->{text}, qr/LINEの設定を保存しました/, 'said';
$page = page();
for my $name (grep { !/secret|bot_prompt|friendship/ } sort keys %full) {
    like $page, qr{name="$name" value="\Q$full{$name}\E"}, "$name is shown";
}
like $page, qr{<option value="normal" selected>}, 'bot_prompt is shown';
unlike $page, qr/\Q$secret\E|\Q$bot_secret\E/, 'secrets are not';
like $page, qr{<details class="fold" open>\s*<summary>LINEミニアプリ}, 'what is set is unfolded';

my $sealed = row('encode(secret, $$hex$$) || encode(bot_secret, $$hex$$)');
unlike $sealed, qr/@{[ unpack 'H*', $secret ]}|@{[ unpack 'H*', $bot_secret ]}/, 'sealed in the database';
is row("config ? 'secret' OR config ? 'bot_secret'"), 'f', 'not among the rest';
is row("config ->> 'keyword'"), 'くじ', 'the rest is';

my ($before, $bot_before) = (row('md5(secret)'), row('md5(bot_secret)'));
is save(%full, secret => '', bot_secret => '', keyword => '抽選')->{status}, 303, 'changed without them';
is row('md5(secret)'), $before, 'one secret is what it was';
is row('md5(bot_secret)'), $bot_before, 'so is the other';
is save(%full, secret => '')->{status}, 303, 'one of them replaced';
is row('md5(secret)'), $before, 'the one not';
isnt row('md5(bot_secret)'), $bot_before, 'the other';
is $owner->send('/admin/line', %full, expected => 1)->{status}, 409, 'an old form changes nothing';

# A secret does not follow a changed address.
my $evil = Kuji::Line->new;
for my $secrets ([secret => ''], [bot_secret => '']) {
    $r = save(%full, @$secrets, api => $evil->url(''));
    is $r->{status}, 422, "another API: $secrets->[0] is needed again";
    like $r->{text}, qr/id="f-$secrets->[0]-error"[^>]*>[^<]*アドレスを変える/, 'said at the field';
}
is row("config ->> 'api'"), $line->url(''), 'nothing has moved';

is save(%full, bot => '')->{status}, 303, 'without the bot';
is row('bot_secret IS NULL'), 't', 'its secret is gone';
is save(%full, bot => '1657000009', bot_secret => '')->{status}, 422, 'to come back it needs one';
is save(%full)->{status}, 303, 'all again';

my ($log) = sql("SELECT string_agg(detail::text, ' ') FROM kuji.audit WHERE action = 'line.change'");
like decode_utf8($log), qr/抽選/, 'the audit log says what changed';
like $log, qr/"bot_secret": true/, 'and which secret was';
unlike $log, qr/\Q$secret\E|\Q$bot_secret\E/, 'and not what it is';
like $owner->get('/admin/audit')->{text}, qr/LINEの設定を変更/, 'in words';

# ---- the test ----
$line->clear;
$r = test();
is $r->{status}, 200, 'tested';
is found($r, 'LINEログイン'), '問題ありません', 'the log-in channel';
is found($r, '公式アカウント'), '問題ありません', 'the bot';
is found($r, 'LIFF'), '問題ありません', 'the keys';
like $r->{text}, qr/ここで分かるのは/, 'with what was looked at';
my ($asked) = $line->requests('/oauth2/v2.1/token');
like $asked->{body}, qr/^grant_type=authorization_code&code=kuji-made-up-code&/, 'by a made-up code';
is scalar $line->requests('/oauth2/v3/token'), 1, 'by a token';
is scalar @{ $line->show->{sent} }, 0, 'nothing is sent to anybody';
unlike $r->{text}, qr/\Q$secret\E|\Q$bot_secret\E/, 'no secret in the answer';

$line->set(channels => {
    1657000001 => {secret => 'another', redirect => \@back},
    1657000009 => {secret => 'another', redirect => []},
});
$r = test();
is found($r, 'LINEログイン'), '違います', 'a wrong secret of the log-in channel';
is found($r, '公式アカウント'), '違います', "a wrong secret of the bot's";
$line->set(channels => {
    1657000001 => {secret => $secret,     redirect => \@back},
    1657000009 => {secret => $bot_secret, redirect => []},
});
for my $case (
    ['/oauth2/v2.1/token', 'LINEログイン',   '判断できません',   status => status => 400],
    ['/oauth2/v2.1/token', 'LINEログイン',   '応答がありません', status => status => 500, times => 2],
    ['/oauth2/v2.1/token', 'LINEログイン',   '判断できません',   'garbage'],
    ['/oauth2/v3/token',   '公式アカウント', '応答がありません', status => status => 429],
    ['/oauth2/v3/token',   '公式アカウント', '判断できません',   status => status => 200, body => '{"a":1}'],
    ['/oauth2/v2.1/certs', 'LIFF',           '応答がありません', 'garbage'],
    ['/oauth2/v2.1/certs', 'LIFF',           '判断できません',   status => status => 404],
    ['/oauth2/v2.1/certs', 'LIFF',           '判断できません',   status => status => 200, body => '{"keys":[]}'],
) {
    my ($path, $what, $word, $kind, %more) = @$case;
    $line->fault($path, $kind, %more);
    $r = test();
    is $r->{status}, 200, join ' ', $path, $kind, %more;
    is found($r, $what), $word, 'kindly said';
    $line->clear;
}

# LINE hangs: one answer's patience for all three, and no more.
$line->fault('/oauth2/v', 'hang', times => -1, seconds => 30);
my $start = time;
$r = test();
cmp_ok time - $start, '<', 20, 'LINE hangs: not for long';
is $r->{status}, 200, 'an answer all the same';
is found($r, $_), '応答がありません', "$_: no answer" for qw(LINEログイン 公式アカウント LIFF);
$line->stop;
is found(test(), 'LINEログイン'), '応答がありません', 'LINE is gone';

is save(%full, bot => '')->{status}, 303, 'without the bot';
is found(test(), '公式アカウント'), '未設定', 'which is not asked about';

my ($tests) = sql("SELECT string_agg(detail::text, ' ') FROM kuji.audit WHERE action = 'line.test'");
like $tests, qr/"bot": "wrong"/, 'each test is in the audit log';
unlike $tests, qr/\Q$secret\E/, 'without a secret';
like $owner->get('/admin/audit')->{text}, qr/LINEとの接続を確認/, 'in words';

my $logs = join '', map { slurp_file($_) } glob "$ENV{KUJI_SCRATCH}/src/t/logs/*log";
unlike $logs, qr/\Q$secret\E|\Q$bot_secret\E/, 'no secret in the logs';
done_testing;
