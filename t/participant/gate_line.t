#!/usr/bin/perl
# The gate `line`: a log-in on LINE, there and back, against a stand-in; what
# goes wrong on the way ends on a kind page, and nothing is lost.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use HTTP::Tiny ();
use Kuji::Admin ();
use Kuji::Form  ();
use Kuji::Line  ();
use Kuji::Test;

my $line = Kuji::Line->new;
my ($channel, $secret) = ('1657000001', '5ec7e7' . 'a' x 26);
my ($host) = sql("SELECT host FROM kuji.tenant WHERE name = 'first'");
my $back = "http://$host/login/line/callback";
$line->set(channels => {$channel => {secret => $secret, redirect => [$back]}});

my $owner = Kuji::Admin->new;
my %settings = (channel => $channel, secret => $secret, bot_prompt => 'none',
    access => $line->url(''), api => $line->url(''));

sub save {
    my (%other) = @_;
    my ($expected) = $owner->get('/admin/line')->{text} =~
        /name="expected" value="(\d+)"/;
    return $owner->send('/admin/line', %settings, expected => $expected, %other);
}

my %gated = (gates => ['line'], limits => {draws_per_participant => 1});
our $slug = campaign({%gated});

# ---- settings ----
sql("DELETE FROM kuji.line l USING kuji.tenant t WHERE t.id = l.tenant_id AND t.name = 'first'");
my $early = Kuji::Form->new;
is $early->get("/login/line?campaign=$slug")->{status}, 503,
    'no settings yet: not ready';
is save(secret => '')->{status}, 422, 'a secret is needed at first';
is save(channel => 'x')->{status}, 422, 'an id is digits';
is save(api => 'http://line.example')->{status}, 422, 'https only';
is save(api => 'https://line.example/x')->{status}, 422, 'no path';
is save()->{status}, 303, 'saved';
unlike $owner->get('/admin/line')->{text}, qr/$secret/, 'the secret stays inside';
is save(secret => '', bot_prompt => 'normal')->{status}, 303, 'changed without it';
is $owner->send('/admin/line', %settings, expected => 1)->{status}, 409,
    'an old form changes nothing';
my ($sealed) = sql("SELECT count(*) FROM kuji.line
    WHERE position('$secret'::bytea IN secret) > 0");
is $sealed, 0, 'sealed in the database';
my ($log) = sql("SELECT string_agg(detail::text, ' ') FROM kuji.audit
    WHERE action = 'line.change'");
like $log, qr/normal/, 'the audit log says what changed';
unlike $log, qr/$secret/, 'and not the secret';
save(bot_prompt => 'none');

# ---- there and back ----
my $browser = HTTP::Tiny->new(max_redirect => 0);

# Presses the button: where LINE sends the browser back to, below the host.
sub at_line {
    my ($me, $query) = @_;
    my $go = $me->get("/login/line?campaign=$slug" . ($query // ''));
    is $go->{status}, 303, 'off to LINE';
    my $url = $go->{headers}{location};
    like $url, qr{^\Q@{[ $line->url('/oauth2/v2.1/authorize') ]}\E\?}, 'there';
    my $answer = $browser->get($url);
    return substr $answer->{headers}{location} // '', length "http://$host";
}

# Where LINE sends the browser back to, after an answer that led there.
sub there {
    my ($go) = @_;
    my $answer = $browser->get($go->{headers}{location} // die "not off to LINE: $go->{status}");
    return substr $answer->{headers}{location} // '', length "http://$host";
}

# Presses LINE's button of a page that has a form for it.
sub press {
    my ($me, $text, %more) = @_;
    my ($form) = $text =~ m{(<form[^>]* action="/login/line">.*?</form>)}s or die 'no form';
    return Kuji::Admin::send($me, '/login/line', $form =~ /<input type="hidden" name="([^"]+)" value="([^"]*)">/g, %more);
}

my $me   = Kuji::Form->new;
my $page = $me->get("/k/$slug");
like $page->{text}, qr{href="/login/line\?campaign=$slug"}, 'the page leads there';
unlike $page->{text}, qr/name="key"/, 'and has no form yet';
is $me->post($slug, key => 'too-early')->{status}, 403, 'no draw without it';
my $there = at_line($me);
my $in = $me->get($there);
is $in->{status}, 303, 'back';
is $in->{headers}{location}, "/k/$slug", 'at the campaign';
my $drawn = $me->post($slug, $me->form($slug));
is $drawn->{status}, 303, 'drawn';
is $me->get($drawn->{headers}{location})->{status}, 200, 'the result';
is $me->get($there)->{status}, 400, 'the answer of LINE is good once';
is scalar $line->requests('/oauth2/v2.1/token'), 1, 'one code, one exchange';
is scalar $line->requests('/oauth2/v2.1/revoke'), 1, 'the token is given back';
is $line->show->{access}, 0, 'and lives no more';

# The same person on another phone is the same participant.
my $phone = Kuji::Form->new;
$phone->get(at_line($phone));
is $phone->post($slug, $phone->form($slug))->{status}, 409,
    'the limit holds across devices';
is $phone->get($drawn->{headers}{location})->{status}, 200,
    'and the result is there too';
$line->set('login.user' => 'bob');
my $bob = Kuji::Form->new;
$bob->get(at_line($bob));
is $bob->get($drawn->{headers}{location})->{status}, 404, "another's is not";
is $bob->post($slug, $bob->form($slug))->{status}, 303, 'another draws too';

# What is kept: a keyed hash, and the rest sealed.
my $sub = $line->control(sub => 'alice')->{sub};
my ($plain) = sql("SELECT count(*) FROM kuji.participant_line
    WHERE position('$sub'::bytea IN person) > 0");
is $plain, 0, 'no user id of LINE in the clear';
my ($rows) = sql("SELECT count(*) FROM kuji.participant_line p
    JOIN kuji.campaign c ON c.id = p.campaign_id WHERE c.slug = '$slug'");
is $rows, 2, 'one row a person';

# A pass is good for its campaign, its browser.
my $other = campaign({%gated});
like $bob->get("/k/$other")->{text}, qr{/login/line\?campaign=$other"},
    'another campaign asks again';
my $thief = Kuji::Form->new;
$thief->get("/k/$slug");
$thief->{jar}{'kuji-line'} = $bob->{jar}{'kuji-line'};
is $thief->post($slug, key => 'stolen')->{status}, 403, 'a stolen pass is none';

# ---- a code that came along ----
my $coded = campaign({%gated, gates => ['line', 'code']});
{
    local $slug = $coded;
    my $carol = Kuji::Form->new;
    $line->set('login.user' => 'carol');
    is $carol->get("/k/$coded?code=ABCD-1234")->{status}, 303, 'kept for the press';
    is $carol->get(at_line($carol))->{headers}{location}, "/k/$coded", 'there and back';
    like $carol->get("/k/$coded")->{text}, qr/name="code"[^>]*value="ABCD-1234"/, 'it is still there';
}

# ---- what goes wrong ----
expect_log(qr/KJ0601/);
my $dave = Kuji::Form->new;
$line->set('login.user' => 'dave', 'login.mode' => 'deny');
my $no = $dave->get(at_line($dave));
is $no->{status}, 403, 'said no';
like $no->{text}, qr/ログインを取りやめました.*retry=1/s, 'may change his mind';
$line->set('login.mode' => 'auto_login_failure');
my $auto = $dave->get(at_line($dave));
is $auto->{status}, 400, 'automatic log-in failed: another state';
is scalar $line->requests('/oauth2/v2.1/token'), 4, 'its code is not used';
my ($retry) = $auto->{text} =~ m{href="(/login/line\?[^"]*)"};
like $retry, qr/retry=1/, 'again, without automatic log-in';
is $dave->get(at_line($dave, '&retry=1'))->{status}, 303, 'which works';
$line->set('login.mode' => 'approve');
is +Kuji::Form->new->get('/login/line/callback?code=x&state=y')->{status}, 400,
    'an answer that nobody asked for';
my $foreign = Kuji::Form->new;
is $foreign->get(at_line($dave))->{status}, 400, "another browser's answer";
is $dave->get('/login/line?campaign=no-such-one')->{status}, 404, 'no campaign';
my $open = campaign({});
is $dave->get("/login/line?campaign=$open")->{status}, 404, 'not its gate';

my $erin = Kuji::Form->new;
$line->set('login.user' => 'erin');
for my $fault (
    ['/oauth2/v2.1/token', 'status', 503, status => 500],
    ['/oauth2/v2.1/token', 'garbage', 503],
    ['/oauth2/v2.1/token', 'drop', 503],
    ['/oauth2/v2.1/token', 'status', 400, status => 400],
) {
    my ($path, $kind, $status, %more) = @$fault;
    $line->fault($path, $kind, %more);
    my $got = $erin->get(at_line($erin));
    is $got->{status}, $status, join ' ', $path, $kind, %more;
    like $got->{text}, qr/くじはまだ引いていません/, 'nothing is lost';
}
$line->set('login.claims' => {aud => '42'});
is $erin->get(at_line($erin))->{status}, 400, "another channel's ID token";
$line->set('login.claims' => {}, 'login.alg' => 'none');
is $erin->get(at_line($erin))->{status}, 400, 'an unsigned one';
$line->set('login.alg' => 'ES256');
is $erin->get(at_line($erin))->{status}, 303, 'ES256 is good';
$line->set('login.alg' => 'HS256');

# A log-in that somebody else began, put into this browser by a neighbouring
# host: its reader would draw as that somebody.
{
    $line->clear;
    my ($mallory, $victim) = map { Kuji::Form->new } 1, 2;
    $_->get("/k/$slug") for $mallory, $victim;
    my $theirs = at_line($mallory);
    $victim->{jar}{'kuji-login'} = $mallory->{jar}{'kuji-login'};
    is $victim->get($theirs)->{status}, 400, "somebody else's log-in is none of this browser's";
    is scalar $line->requests('/oauth2/v2.1/token'), 0, 'and is not gone on with';
    is $victim->post($slug, key => 'as-mallory')->{status}, 403, 'nobody is let in';
    # The same answer again and again: LINE is not asked without an end.
    my @statuses = map {
        $mallory->{jar}{'kuji-login'} = $victim->{jar}{'kuji-login'};
        $mallory->get($theirs =~ s/code=[^&]+/code=made-up/r)->{status};
    } 1 .. 25;
    is $statuses[0], 400, 'a code that is none';
    is $statuses[-1], 429, 'and many of them';
    cmp_ok scalar $line->requests('/oauth2/v2.1/token'), '<=', 21, 'are not passed on to LINE';
}

# ---- friends only ----
save(friendship => 'yes', profile => 'yes');
$line->set('login.user' => 'frank');
my $frank = Kuji::Form->new;
my $alone = $frank->get(at_line($frank));
is $alone->{status}, 403, 'no friend of the account';
like $alone->{text}, qr/友だち追加/, 'is asked to become one';
save(friendship => 'yes', profile => 'yes', bot_prompt => 'aggressive');
is $frank->get(at_line($frank))->{status}, 303, 'and is let in as one';
my ($friend) = sql("SELECT count(*) FROM kuji.participant_line p
    JOIN kuji.campaign c ON c.id = p.campaign_id WHERE c.slug = '$slug' AND p.is_friend");
is $friend, 1, 'which is kept';

# ---- what is held ----
# Who came sees what is held, drawn or not, and has it erased; the organiser finds
# them by LINE's user id.
my $grace = Kuji::Form->new;
$line->set('login.user' => 'grace');
$grace->get(at_line($grace));
my $grace_id = $line->control(sub => 'grace')->{sub};
like $grace->get("/k/$slug/me/data")->{text}, qr{LINEのユーザーID</dt><dd>\Q$grace_id\E<}, 'own data: LINE, before any draw';
is $grace->get("/k/$slug/me/data.json")->{json}{line}[0]{user_id}, $grace_id, 'to take along';
unlike $me->get("/k/$slug/me/data")->{text}, qr/\Q$grace_id\E/, "nobody else's";
my $found = $owner->send('/admin/people', q => $grace_id)->{text};
my ($grace_page) = $found =~ m{href="(/admin/people/\Q$slug\E/[^"]+)"};
ok $grace_page, 'found by it in the console';
like $owner->get($grace_page)->{text}, qr{LINEのユーザーID</dt><dd>\Q$grace_id\E<}, 'and shown';
is $grace->post($slug, $grace->form($slug))->{status}, 303, 'draws';
sub held { return sql("SELECT count(*) FROM kuji.participant_line p
    JOIN kuji.campaign c ON c.id = p.campaign_id WHERE c.slug = '$slug'") }
my $before = held();
is Kuji::Admin::send($grace, "/k/$slug/me/erase", confirm => 'erase')->{status}, 303, 'has it erased';
is held(), $before - 1, 'one row less';
unlike $owner->send('/admin/people', q => $grace_id)->{text}, qr{/admin/people/\Q$slug\E/}, 'nor found any more';

# ---- the prize that a message led to ----
{
    save();
    my $harry = Kuji::Form->new;
    my $to    = $harry->get("/k/$slug/line?draw=1")->{headers}{location};
    for my $mode ('auto_login_failure', 'deny', 'approve') {
        $line->set('login.user' => 'alice', 'login.mode' => $mode);
        my $r = $harry->get(there($harry->get($to)));
        if ($mode eq 'approve') {
            is $r->{headers}{location}, "/k/$slug/claims/1", 'through two failures to the prize';
            last;
        }
        ($to) = $r->{text} =~ m{href="(/login/line\?[^"]*)"};
        $to =~ s/&amp;/&/g;
        like $to, qr/draw=1/, "$mode: the retry still knows it";
    }
    save(profile => 'yes');
    $line->set('login.mode' => 'deny');
    my $page = $harry->get(at_line($harry, '&draw=1'))->{text};
    like $page, qr{<input type="hidden" name="draw" value="1">}, 'so does the form that has the box';
    $line->set('login.mode' => 'approve');
    is $harry->get(there(press($harry, $page)))->{headers}{location}, "/k/$slug/claims/1", 'which leads there as well';
}

# ---- name and picture: by a consent of their own ----
save();
my $ivy = Kuji::Form->new;
my $without = $ivy->get("/k/$slug")->{text};
like $without, qr/お名前やアイコン画像、友だちの一覧は保存しません/, 'without the setting: said so';
unlike $without, qr/name="profile"/, 'and no box';
save(profile => 'yes');
my $asks = $ivy->get("/k/$slug");
like $asks->{text}, qr/お名前とアイコン画像は、同意いただいたときだけお預かりします/, 'with it: what, and when';
like $asks->{text}, qr{<form[^>]* action="/login/line">.*<input[^>]*name="profile"[^>]*value="[0-9a-f]{32}"[^>]*>}s, 'with a box';
unlike $asks->{text}, qr/name="profile"[^>]*checked/, 'which is not ticked';
like $asks->{headers}{'content-security-policy'}, qr{form-action 'self' \Q@{[ $line->url('') ]}\E;}, 'the form may lead to LINE';
my ($box) = $asks->{text} =~ /name="profile"[^>]*value="([0-9a-f]{32})"/;

sub name_of { my $held = $_[0]->get("/k/$slug/me/data.json")->{json}{line}[0]; return "$held->{name} $held->{picture}" }
sub consents { return grep { $_->{kind} eq 'profile' } @{ $_[0]->get("/k/$slug/me/data.json")->{json}{consents} } }

# Another site's page cannot send it, and a link says nothing of it.
is $ivy->ask('POST', '/login/line', body => "campaign=$slug&profile=$box", headers => {
    'Content-Type' => 'application/x-www-form-urlencoded', 'Sec-Fetch-Site' => 'cross-site' })->{status}, 403, 'not from elsewhere';
$line->set('login.user' => 'ivy');
$line->clear;
$ivy->get(at_line($ivy, "&profile=$box"));
is name_of($ivy), ' ', 'nor by a link';
is scalar consents($ivy), 0, 'which records nothing';
my $off = press($ivy, $asks->{text});
unlike $off->{headers}{location}, qr/profile/, 'unticked: LINE is not asked for them';
is $ivy->get(there($off))->{status}, 303, 'and the log-in works';
is name_of($ivy), ' ', 'without them';
is scalar $line->requests('/v2/profile'), 0, 'which nobody looked up';
save(profile => 'yes', friendship => 'yes');
$line->set(friends => [ $line->control(sub => 'ivy')->{sub} ]);
is $ivy->get(there(press($ivy, $asks->{text})))->{status}, 303, 'friends only: the profile is looked up';
is name_of($ivy), ' ', 'and still nothing of it kept';
save(profile => 'yes');

my $on = press($ivy, $asks->{text}, profile => $box);
like $on->{headers}{location}, qr/scope=profile(?:%20|\+)openid/, 'ticked: LINE is asked';
$ivy->get(there($on));
like name_of($ivy), qr/^\S.* https?:/, 'and they are kept';
my ($agreed) = consents($ivy);
is $agreed->{wording}, 'LINEでのお名前とアイコン画像を、主催者に知らせることに同意します', 'the words';
is $agreed->{purpose}, 'x', 'what for, as the campaign says';
is $agreed->{page}, "/k/$slug", 'the page';
ok $agreed->{at}, 'the time';
my $mine = $ivy->get("/k/$slug/me/data")->{text};
like $mine, qr{LINEでのお名前</dt><dd>[^<]+<.*主催者に知らせることに同意します}s, 'shown with what is held';
my ($ivy_page) = $owner->send('/admin/people', q => $line->control(sub => 'ivy')->{sub})->{text} =~
    m{href="(/admin/people/\Q$slug\E/[^"]+)"};
like $owner->get($ivy_page)->{text}, qr/主催者に知らせることに同意します/, 'and in the console';

# It holds until it is withdrawn, whatever the next log-in has ticked.
$ivy->get(there(press($ivy, $asks->{text})));
like name_of($ivy), qr/^\S/, 'another log-in leaves them';
like $mine, qr/お名前とアイコン画像の同意を取り消す/, 'it can be withdrawn';
is Kuji::Admin::send($ivy, "/k/$slug/me/data", what => 'profile')->{status}, 303, 'is';
is name_of($ivy), ' ', 'and they are gone';
ok +(consents($ivy))[0]{withdrawn_at}, 'noted when';
unlike $ivy->get("/k/$slug/me/data")->{text}, qr/同意を取り消す/, 'nothing more to withdraw';
$ivy->get(there(press($ivy, $asks->{text})));
is name_of($ivy), ' ', 'nor do they come back by themselves';

# What was ticked comes through a failure; other words than those that are read
# are none.
$line->set('login.mode' => 'deny');
my $failed = $ivy->get(there(press($ivy, $asks->{text}, profile => $box)));
like $failed->{text}, qr/name="profile"[^>]*checked/, 'still ticked on the way to another try';
$line->set('login.mode' => 'approve');
is press($ivy, $asks->{text}, profile => '0' x 32)->{headers}{location}, "/k/$slug", 'other words: to be read first';
my $english = Kuji::Form->new(language => 'en');
my $text    = $english->get("/k/$slug")->{text};
like $text, qr/I agree that the organiser is told my name and picture on LINE/, 'in English';
my ($other_box) = $text =~ /name="profile"[^>]*value="([0-9a-f]{32})"/;
$english->get(there(press($english, $text, profile => $other_box)));
is_deeply [ map { $_->{language} } grep { !$_->{withdrawn_at} } consents($english) ], ['en'], 'recorded in the words that were read';
is Kuji::Admin::send($english, "/k/$slug/me/erase", confirm => 'erase')->{status}, 303, 'erased';
my ($left) = sql("SELECT count(*) FROM kuji.consent c JOIN kuji.consent_text t USING (campaign_id, digest)
    JOIN kuji.campaign g ON g.id = c.campaign_id WHERE g.slug = '$slug' AND t.kind = 'profile'");
is $left, 0, 'with the consents';
my ($audit) = sql("SELECT count(*) FROM kuji.audit WHERE detail::text ~ 'Ivy|ivy'");
is $audit, 0, 'no name in the audit log';
save();

# ---- nothing secret in the logs ----
my $access = join '', map { slurp_file($_) }
    glob "$ENV{KUJI_SCRATCH}/src/t/logs/*log";
unlike $access, qr/$secret|ABCD-1234|$sub/, 'neither secret, code nor user id';
unlike $access, qr{/login/line/callback\?[^ ]*code=(?!\*)}, "LINE's codes are masked";
done_testing;
