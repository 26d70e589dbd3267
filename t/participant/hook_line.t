#!/usr/bin/perl
# POST /hooks/line: signed by the channel or refused; each event once; who
# follows is known; a keyword is answered, and never twice; LINE never waits.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
binmode Test::More->builder->$_, ':encoding(UTF-8)' for qw(output failure_output);
use Digest::SHA qw(hmac_sha256_base64);
use HTTP::Tiny ();
use Kuji::LineSite;
use Kuji::Test qw(parallel);
use Time::HiRes qw(sleep time);

my $at = Kuji::LineSite->new(servers => 1, threads => 32);
my ($site, $line) = @$at{qw(site line)};
my $slug = $site->campaign({ gates => ['line'], title => '秋の大抽選会' });
is $at->settings(keyword => 'くじ')->{status}, 303, 'a keyword is set';
sub sql { return $at->sql($_[0]) }

sub status {
    my ($signature, $body, $name) = @_;
    my %headers = defined $signature ? ($name // 'x-line-signature' => $signature) : ();
    return HTTP::Tiny->new->post("http://127.0.0.1:$site->{port}/hooks/line",
        { headers => { 'Content-Type' => 'application/json', %headers }, content => $body })->{status};
}

# ---- signatures: the published vector ----
my $vector = '{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}';
my $mac    = 'GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=';
is status($mac, $vector), 200, 'no events: 200';
is status($mac, $vector, 'X-LINE-SIGNATURE'), 200, 'in other letters';
is status($mac, "$vector\n"), 403, 'another byte';
is status(('A' x 43) . '=', $vector), 403, 'another signature';
is status('x', $vector), 403, 'none that could be';
is status('', $vector), 403, 'an empty one';
is status(undef, $vector), 403, 'none';
my @told = grep { /KJ0602/ } split /\n/, $site->errors;
is scalar @told, 1, 'one line in the log for all that came within a minute';
like $told[0], qr/KJ0602: fault: a webhook of LINE's is not signed by the channel$/, 'which says whose';
unlike $site->errors, qr/8e742f61|GhRKmvm/, 'and nothing of what was sent';
is $at->hook(undef, body => '{"events":')->{status}, 400, 'signed, but no JSON';
is $at->hook(undef, body => '[]')->{status}, 400, 'no object';
is $at->hook(undef, body => '{"destination":"x"}')->{status}, 400, 'no events';
is $at->hook(undef, body => ' ' x (2 * 1024 * 1024 + 1))->{status}, 413, 'too long';
is +HTTP::Tiny->new->get("http://127.0.0.1:$site->{port}/hooks/line")->{status}, 405, 'nothing to see';

# ---- friends ----
sub friend { return join ' ', sql("SELECT is_friend || ' ' || (person IS NOT NULL) FROM kuji.line_friend
    ORDER BY line_user LIMIT 1") }

$at->friends('alice');
$at->join($slug, 'alice');
my $follow = $at->event('follow', 'alice', follow => { isUnblocked => JSON::PP::false }, replyToken => 'r0');
is $at->hook({ events => [$follow] })->{status}, 200, 'a follow';
is friend(), 'true true', 'is known';
is sql("SELECT is_friend FROM kuji.participant_line"), 't', 'and of the participant';
is sql("SELECT count(*) FROM kuji.line_friend WHERE position('@{[ $at->sub_of('alice') ]}'::bytea IN person) > 0"),
    0, 'no user id in the clear';
my $early = $at->event('unfollow', 'alice', timestamp => $follow->{timestamp} - 5000);
is $at->hook({ events => [$early] })->{status}, 200, 'an unfollow that came late';
is friend(), 'true true', 'changes nothing';
my $gone = $at->event('unfollow', 'alice');
is $at->hook({ events => [$gone] })->{status}, 200, 'an unfollow';
is friend(), 'false false', 'is known, and the user id gone';
is sql("SELECT is_friend FROM kuji.participant_line"), 'f', 'and of the participant';
is $at->hook({ events => [$follow] })->{status}, 200, 'the follow again';
is friend(), 'false false', 'was seen before';
my $back = $at->event('follow', 'alice', follow => { isUnblocked => JSON::PP::true });
is $at->hook({ events => [$back, $back, $gone] })->{status}, 200, 'twice in one body, and an old one';
is friend(), 'true true', 'back';
is sql("SELECT count(*) FROM kuji.line_event"), 4, 'each event once';

# What is none of ours.
for my $event ($at->event('follow', 'bob', mode => 'standby'), $at->event('join', 'bob'),
    { %{ $at->said('bob', 'くじ') }, source => { type => 'group', groupId => 'C1', userId => $at->sub_of('bob') } },
    { %{ $at->said('bob', 'くじ') }, webhookEventId => undef }, { type => 'follow' }, 'follow', undef) {
    is $at->hook({ events => [$event] })->{status}, 200, 'passed over';
}
is sql("SELECT count(*) FROM kuji.line_friend"), 1, 'nobody else is known';
is sql("SELECT count(*) FROM kuji.outbox"), 0, 'and nobody answered';

# ---- a keyword ----
sub answers { return grep { $_->{messages}[0]{text} =~ m{/k/} } @{ $line->show->{sent} } }

sub wait_for_answers {
    my ($count) = @_;
    my $end = time + 40;
    sleep 0.1 while answers() < $count && time < $end;
    is scalar answers(), $count, "$count answered";
    return;
}

$line->set('messaging.replies' => ['r1', 'r2']);
my $said = $at->said('alice', ' クジ ', replyToken => 'r1');
is $at->hook({ events => [$said] })->{status}, 200, 'another word';
$said = $at->said('alice', ' くじ　', replyToken => 'r1');
is $at->hook({ events => [$said] })->{status}, 200, 'the keyword';
is $at->hook({ events => [$said] })->{status}, 200, 'delivered again';
wait_for_answers(1);
my ($answer) = answers();
is $answer->{reply}, 'r1', 'by its reply token';
like $answer->{messages}[0]{text}, qr{秋の大抽選会.*^http://fault\.test/k/\Q$slug\E$}ms, 'with the way to the campaign';
is $at->hook({ events => [$at->said('alice', 'くじ', replyToken => 'r2')] })->{status}, 200, 'at once again';
sleep 2;
is scalar answers(), 1, 'one answer in some seconds';
sql("UPDATE kuji.line_friend SET answered_at = 0");
is $at->hook({ events => [$at->said('alice', 'くじ', replyToken => 'stale')] })->{status}, 200, 'a token that is over';
wait_for_answers(2);
is +(answers())[1]{to}, $at->sub_of('alice'), 'is pushed instead';
is sql("SELECT string_agg(DISTINCT state, ' ') FROM kuji.outbox"), 'sent', 'both are sent';
is sql("SELECT count(*) FROM kuji.outbox WHERE address IS NOT NULL OR data IS NOT NULL"), 0, 'nothing of them is kept';

# A reply that nobody knows of is not repeated by a push.
sql("UPDATE kuji.line_friend SET answered_at = 0");
$line->set('messaging.replies' => ['r3']);
$line->fault('/v2/bot/message/reply', 'drop_after');
is $at->hook({ events => [$at->said('alice', 'くじ', replyToken => 'r3')] })->{status}, 200, 'again';
wait_for_answers(3);
my $end = time + 20;
sleep 0.1 while sql("SELECT count(*) FROM kuji.outbox WHERE state = 'gave_up'") < 1 && time < $end;
is scalar answers(), 3, 'one answer';

# However it is written: width, case and blanks do not count.
my $answered = 3;
for my $case ([ 'くじ', 'くじ', ' くじ　', "\nくじ" ], [ 'クジ２０２６', 'クジ2026', 'ｸｼﾞ2026', 'ｸｼﾞ２０２６', "クシ\x{3099}2026" ],
    [ 'ｶﾞﾁｬ kuji', 'ガチャ KUJI', 'ガチャｋｕｊｉ', 'ｶﾞﾁｬ　Ｋｕｊｉ' ]) {
    my ($keyword, @ways) = @$case;
    is $at->settings(keyword => $keyword)->{status}, 303, "the keyword $keyword";
    for my $way (@ways) {
        sql("UPDATE kuji.line_friend SET answered_at = 0");
        is $at->hook({ events => [$at->said('alice', $way)] })->{status}, 200, "sent as $way";
        wait_for_answers(++$answered);
        like +(answers())[-1]{messages}[0]{text}, qr{^http://fault\.test/k/\Q$slug\E$}m, "$way: the way to the campaign";
    }
}
sql("UPDATE kuji.line_friend SET answered_at = 0");
is $at->hook({ events => [map { $at->said('alice', $_) } 'ガチャ', 'kujiガチャ', 'ガチャ kuji!', '', ' '] })->{status}, 200,
    'other words';
is sql("SELECT count(*) FROM kuji.outbox WHERE state = 'queued'"), 0, 'are no keyword';

# One body with many: each user has one answer, in one go.
{
    my @users = map { "many$_" } 1 .. 12;
    $at->friends('alice', @users);
    is $at->settings(keyword => 'くじ')->{status}, 303, 'the first keyword';
    is $at->hook({ events => [map { $at->said($_, 'くじ'), $at->said($_, 'クジ'), $at->said($_, 'くじ') } @users] })->{status},
        200, 'many who ask, each twice';
    wait_for_answers($answered += @users);
    my %to = map { ($_->{to} // '') => 1 } (answers())[-12 .. -1];
    is_deeply [sort keys %to], [sort map { $at->sub_of($_) } @users], 'one answer to each';
}

# LINE brings one again that it takes for lost: known by its id, whatever it
# says of itself; as many times at once as it likes.
{
    sql("UPDATE kuji.line_friend SET answered_at = 0");
    my $said = $at->said('alice', 'くじ');
    my $again = { %$said, deliveryContext => { isRedelivery => JSON::PP::true } };
    is_deeply [parallel(8, sub { return $at->hook({ events => [$again] })->{status} })], [(200) x 8],
        'brought again, eight at once';
    sql("UPDATE kuji.line_friend SET answered_at = 0");
    is $at->hook({ events => [$said] })->{status}, 200, 'and the first one last';
    wait_for_answers(++$answered);
    my $new = { %{ $at->event('unfollow', 'many1') }, deliveryContext => { isRedelivery => JSON::PP::true } };
    is $at->hook({ events => [$new] })->{status}, 200, 'a redelivery of what never came';
    is sql("SELECT count(*) FROM kuji.line_friend WHERE NOT is_friend"), 1, 'is carried out';
}

# What LINE may add one day, among what is known.
{
    my @odd = map { $at->event($_, 'alice', x => { y => [1, undef] }) }
        qw(accountLink activated beacon botResumed botSuspended deactivated join leave membership memberJoined memberLeft
        module postback things unsend videoPlayComplete newThing);
    my @all = map { (@odd, $at->event('follow', "odd$_", new => 1), $at->said('alice', 'こんにちは', mode => 'newMode')) } 1 .. 5;
    push @all, $at->event('message', 'alice', message => { type => $_, id => '1' }) for qw(image sticker location newMessage);
    push @all, map { { type => $_ } } ('follow') x 20;
    cmp_ok scalar @all, '>=', 100, scalar @all . ' events';
    my $begin = time;
    is $at->hook({ events => \@all })->{status}, 200, 'a body of the known and the unknown';
    cmp_ok time - $begin, '<', 2, 'in time';
    is sql("SELECT count(*) FROM kuji.line_friend WHERE is_friend"), 17, 'the known ones are carried out';
}

# The tenant's choice, and none.
my $other = $site->campaign({ gates => ['open'], title => '別のくじ' });
is $at->settings(keyword => 'くじ', keyword_campaign => $slug)->{status}, 303, 'one campaign';
sql("UPDATE kuji.line_friend SET answered_at = 0");
$at->hook({ events => [$at->said('alice', 'くじ')] });
wait_for_answers(++$answered);
like +(answers())[-1]{messages}[0]{text}, qr{/k/\Q$slug\E$}, 'whatever opened later';
is $at->settings(keyword => '')->{status}, 303, 'no keyword';
sql("UPDATE kuji.line_friend SET answered_at = 0");
$at->hook({ events => [$at->said('alice', 'くじ')] });
is sql("SELECT count(*) FROM kuji.outbox WHERE state = 'queued'"), 0, 'no answer';

# ---- the same people, in bodies that come at once ----
# One body's rows are another's, the other way round: nobody waits crosswise.
is $at->settings(keyword => 'くじ')->{status}, 303, 'the keyword again';
my @statuses = parallel(8, sub {
    my ($body) = @_;
    my @said = map { $at->said("crowd$_", 'くじ', webhookEventId => sprintf 'C%02d%023d', $body, $_) } 1 .. 20;
    @said = reverse @said if $body % 2;
    my $r;
    for (1 .. 20) { $r = $at->hook({ events => \@said }); last if $r->{status} != 503 }
    return $r->{status};
});
is_deeply \@statuses, [ (200) x 8 ], 'all are taken';
unlike $site->errors, qr/deadlock/, 'without a deadlock';

# ---- in time, while LINE hangs ----
$at->settings(keyword => 'くじ');
$line->fault('/', 'hang', times => -1, seconds => 60);
my $longest = 0;
for my $i (1 .. 20) {
    my @events = map { $at->event($_ % 2 ? 'follow' : 'unfollow', "user$i") } 1 .. 50;
    my $begin  = time;
    is $at->hook({ events => \@events })->{status}, 200, 'fifty events';
    my $took = time - $begin;
    $longest = $took if $took > $longest;
}
cmp_ok $longest, '<', 2, 'within two seconds';
is $at->hook({ events => [$at->said('alice', 'くじ', replyToken => 'r9')] })->{status}, 200, 'a keyword too';

unlike $site->errors, qr/U[0-9a-f]{32}/, 'the log names nobody';

done_testing;
