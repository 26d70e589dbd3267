#!/usr/bin/perl
# LIFF: the page inside the LINE app, and what it shows us. Only what LINE signed
# for one of our channels counts, once a page, and in one browser.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use JSON::PP ();
use Kuji::Admin ();
use Kuji::Form  ();
use Kuji::Line  ();
use Kuji::Test;

binmode Test::More->builder->$_, ':encoding(UTF-8)' for qw(output failure_output);

my $json = JSON::PP->new->utf8->canonical;
my $line = Kuji::Line->new;
my ($channel, $secret) = ('1657000001', '5ec7e7' . 'a' x 26);
my ($host) = sql("SELECT host FROM kuji.tenant WHERE name = 'first'");
$line->set(channels => {$channel => {secret => $secret, redirect => ["http://$host/login/line/callback"]}});
my $owner = Kuji::Admin->new;
my %settings = (channel => $channel, secret => $secret, liff => "$channel-AbcdEfgh",
    mini_review => '2002', mini_review_liff => '2002-Reviewed', friend => '@kujiya',
    access => $line->url(''), api => $line->url(''));
sql("DELETE FROM kuji.line l USING kuji.tenant t WHERE t.id = l.tenant_id AND t.name = 'first'");

sub save {
    my (%other) = @_;
    my ($expected) = $owner->get('/admin/line')->{text} =~ /name="expected" value="(\d+)"/;
    my $r = $owner->send('/admin/line', %settings, expected => $expected, %other);
    is $r->{status}, 303, 'settings saved' or die $r->{text};
}

my %gated = (title => '春のくじ', gates => ['line'], limits => {draws_per_participant => 1});
my $slug = campaign({%gated});

# ---- before anything is set ----
my $early = Kuji::Form->new;
is $early->get("/liff/$slug")->{status}, 503, 'no settings yet: not ready';
is $early->get('/liff')->{status}, 404, 'the endpoint neither';
save();

# ---- the page ----
my $me   = Kuji::Form->new;
my $page = $me->get("/liff/$slug");
is $page->{status}, 200, 'the page';
sub data { my ($text, $name) = @_; return $text =~ /data-$name="([^"]*)"/ ? $1 : undef }
is data($page->{text}, 'id'), "$channel-AbcdEfgh", 'with the LIFF id';
is data($page->{text}, 'campaign'), $slug, 'the campaign';
like data($page->{text}, 'once'), qr/^[\w-]{54}$/, 'a one-time value';
isnt data($me->get("/liff/$slug")->{text}, 'once'), data($page->{text}, 'once'), 'each time another';
like data($page->{text}, 'share'), qr{春のくじ.*\nhttp://\Q$host\E/k/$slug$}s, 'what is shared: the campaign';
like $page->{text}, qr{href="/login/line\?campaign=$slug"}, 'without JavaScript: the log-in on the web';
like $page->{text}, qr{src="/assets/liff-sdk\.\w+\.js"}, 'the SDK is ours to serve';
my $policy = $page->{headers}{'content-security-policy'};
like $policy, qr{script-src 'self' https://static\.line-scdn\.net;}, 'its policy: scripts';
like $policy, qr{connect-src 'self' https://api\.line\.me https://access\.line\.me https://liffsdk\.line-scdn\.net;},
    'connections';
unlike $policy, qr/unsafe|\*/, 'and no wider';
unlike $me->get("/k/$slug")->{headers}{'content-security-policy'}, qr/line/, 'that page only';
is $page->{headers}{'cache-control'}, 'no-store', 'nobody keeps it';
is data($me->get("/liff/$slug?app=review")->{text}, 'id'), '2002-Reviewed', "the Mini App's by its endpoint";
is data($me->get("/liff/$slug?app=x\"y")->{text}, 'id'), "$channel-AbcdEfgh", 'else the usual one';
my $endpoint = $me->get("/liff?liff.state=%2F$slug%3Fa%3D1&liff.referrer=x");
is $endpoint->{status}, 200, 'the endpoint URL is no redirect';
ok !defined data($endpoint->{text}, 'once'), "and no campaign's";
is $me->get("/liff/$slug?liff.hback=2&access_token=x")->{status}, 200, "the campaign's neither";
is $me->get('/liff/no-such-one')->{status}, 404, 'no campaign';
my $open = campaign({});
is $me->get("/liff/$open")->{status}, 404, 'not its gate';

# ---- what it shows ----
# A token as LINE makes it, or not quite.
sub signed { return $line->control(mint => {client => $channel, user => 'alice', @_})->{id_token} }

sub once { my ($who) = @_; return data($who->get("/liff/$slug")->{text}, 'once') }

sub present {
    my ($who, $token, %more) = @_;
    my $r = $who->ask('POST', '/liff/session' . (delete $more{_query} // ''), body => $json->encode(
        {campaign => $slug, once => $more{once} // once($who), id_token => $token, %more}),
        headers => {'Content-Type' => 'application/json', 'Sec-Fetch-Site' => 'same-origin',
            Accept => 'application/json'});
    $r->{said} = eval { $json->decode($r->{content}) } // {};
    return $r;
}

sub outcome { my ($r) = @_; return "$r->{status} " . ($r->{said}{outcome} // '-') }

like $me->get("/k/$slug")->{text}, qr{/login/line\?campaign=$slug"}, 'the gate is shut';
my $r = present($me, signed());
is outcome($r), '200 ready', 'a token of LIFF';
is $r->{said}{next}, "/k/$slug", 'leads on';
unlike $me->get("/k/$slug")->{text}, qr{/login/line\?campaign=$slug"}, 'the gate is open';
like $me->get("/k/$slug")->{text}, qr{href="/liff/$slug\?menu=1"}, "and leads back to the app's menu";
is $me->post($slug, key => 'one')->{status}, 303, 'drawn';
ok exists $me->{jar}{'kuji-line'}, 'by the pass of the gate';

# The same person by LINE Login is the same participant.
my ($rows) = sql("SELECT count(*) FROM kuji.participant_line p
    JOIN kuji.campaign c ON c.id = p.campaign_id WHERE c.slug = '$slug'");
is $rows, 1, 'one row';
require HTTP::Tiny;
$line->set('login.user' => 'alice');
my $web = Kuji::Form->new;
my $there = HTTP::Tiny->new(max_redirect => 0)->get($web->get("/login/line?campaign=$slug")->{headers}{location});
is $web->get(substr $there->{headers}{location}, length "http://$host")->{status}, 303, 'the same one by LINE Login';
($rows) = sql("SELECT count(*) FROM kuji.participant_line p
    JOIN kuji.campaign c ON c.id = p.campaign_id WHERE c.slug = '$slug'");
is $rows, 1, 'is the same participant';

# ---- what does not hold ----
expect_log(qr/KJ0601/);
for my $case (
    ['another channel\'s',      aud => '9999'],
    ['another issuer\'s',       iss => 'https://evil.example'],
    ['over',                    exp => time - 200],
    ['older than LIFF\'s hour', iat => time - 4000],
    ['of the future',           iat => time + 900],
    ['nobody\'s',               sub => JSON::PP::null],
    ['of a key that LINE does not have', kid => 'made-up'],
) {
    my ($what, %claims) = @$case;
    is outcome(present(Kuji::Form->new, signed(%claims))), '400 refused', "a token that is $what";
}
is outcome(present(Kuji::Form->new, signed(alg => 'none'))), '400 refused', 'alg none';
is outcome(present(Kuji::Form->new, signed(alg => 'HS256', key => 'public'))), '400 refused',
    "HS256 by LINE's public key";
is outcome(present(Kuji::Form->new, signed(alg => 'HS256', key => $secret))), '400 refused',
    "HS256 by the channel's secret";
is outcome(present(Kuji::Form->new, signed() =~ s/.{4}$/AAAA/r)), '400 refused', 'another signature';
is outcome(present(Kuji::Form->new, $_)), '400 refused', "no token: $_" for 'x', 'a.b.c', '..';
is outcome(present(Kuji::Form->new, signed(aud => '2002'))), '200 ready', "a Mini App's channel is ours";
is outcome(present(Kuji::Form->new, signed(aud => '2002', user => 'mini'), _query => '?app=review')), '200 ready', 'and leads back there';
my $asked = scalar $line->requests('/oauth2/v2.1/certs');
present(Kuji::Form->new, signed(kid => "made-up-$_")) for 1 .. 5;
cmp_ok scalar($line->requests('/oauth2/v2.1/certs')) - $asked, '<=', 2, 'made-up keys do not make us ask LINE each time';

# ---- once a page, in one browser ----
my $token = signed(user => 'bob');
my $bob   = Kuji::Form->new;
my $once  = once($bob);
is outcome(present($bob, $token, once => $once)), '200 ready', 'a page\'s value is good';
is outcome(present($bob, $token, once => $once)), '409 used', 'once';
is outcome(present($bob, signed(user => 'bob'), once => $once)), '409 used', 'whatever the token';
is outcome(present($bob, $token)), '200 ready', 'the app\'s token again behind a new page';
my $thief = Kuji::Form->new;
is outcome(present($thief, $token)), '409 refused', "another browser shows bob's token";
like $thief->get("/k/$slug")->{text}, qr{/login/line\?campaign=$slug"}, 'and stays outside';
my $tampered = $token =~ s/\.(.)([^.]*)$/'.' . ($1 eq 'A' ? 'B' : 'A') . $2/er;
is outcome(present(Kuji::Form->new, $tampered)), '400 refused', 'nor one that was changed a little';
is outcome(present(Kuji::Form->new, signed(), once => once($bob))), '409 used', "another browser's value";
is outcome(present($bob, signed(), once => 'x')), '409 used', 'a made-up value';
is outcome(present($bob, signed(), once => substr(once($bob), 0, -2) . 'AA')), '409 used', 'a changed one';
my $other = campaign({%gated});
is outcome(present($bob, signed(), campaign => $other)), '409 used', "another campaign's";
is present($bob, signed(), campaign => $open)->{status}, 404, 'not its gate';
is $bob->ask('POST', '/liff/session', body => '{}', headers => {'Content-Type' => 'application/json',
    'Sec-Fetch-Site' => 'same-origin'})->{status}, 400, 'nothing told';
is $bob->ask('POST', '/liff/session', body => '{}', headers => {'Content-Type' => 'application/json',
    'Sec-Fetch-Site' => 'cross-site'})->{status}, 403, "somebody else's page";
my ($shown) = sql("SELECT count(*) FROM kuji.liff_shown WHERE position('$once'::bytea IN digest) > 0");
is $shown, 0, 'digests only';
sql('UPDATE kuji.liff_shown SET expires_at = 0');
present(Kuji::Form->new, signed());
my ($left) = sql('SELECT count(*) FROM kuji.liff_shown WHERE expires_at = 0');
is $left, 0, 'what is over goes';

# ---- friends only ----
save(friendship => 'yes', profile => 'yes');
my $frank = Kuji::Form->new;
my $minted = $line->control(mint => {client => $channel, user => 'frank'});
is outcome(present($frank, $minted->{id_token})), '403 friend', 'friends only: nothing shown';
is outcome(present($frank, $minted->{id_token}, access_token => $minted->{access_token})), '403 friend', 'no friend';
$line->set(friends => [$line->control(sub => 'frank')->{sub}]);
my $alice = $line->control(mint => {client => $channel, user => 'alice'});
is outcome(present($frank, $minted->{id_token}, access_token => $alice->{access_token})), '400 refused',
    "another user's access token";
is outcome(present($frank, $minted->{id_token}, access_token => 'x')), '400 refused', 'no access token at all';
my $foreign = $line->control(mint => {client => '9999', user => 'frank'});
is outcome(present($frank, $minted->{id_token}, access_token => $foreign->{access_token})), '400 refused',
    "another channel's access token";
is outcome(present($frank, $minted->{id_token}, access_token => $minted->{access_token})), '200 ready', 'a friend';
like $frank->get("/liff/$slug")->{text}, qr{https://line\.me/R/ti/p/%40kujiya}, 'where one becomes a friend';
save();

# ---- LINE is away ----
for my $fault (['status', status => 500], ['drop'], ['garbage']) {
    my ($kind, %more) = @$fault;
    # The keys are kept for an hour, and asked for anew ten seconds after the last time.
    $line->control(rotate => 0);
    sleep 11;
    $line->clear;
    $line->fault('/oauth2/v2.1/certs', $kind, %more, times => -1);
    my $r = present(Kuji::Form->new, signed(user => "late-$kind"));
    is outcome($r), '200 ready', join ' ', "keys: $kind;", 'LINE itself is asked';
    like +($line->requests('/oauth2/v2.1/verify'))[0]{body}, qr/client_id=$channel/, 'about that very token';
}
$line->clear;
is outcome(present(Kuji::Form->new, signed())), '200 ready', 'keys that were rotated are fetched'
    if do { sleep 11; 1 };
is outcome(present(Kuji::Form->new, signed(aud => '9999'))), '400 refused', 'no less strict then';
$line->control(rotate => 0);
sleep 11;
my $last = signed(user => 'last');
my $late = Kuji::Form->new;
my $page_value = once($late);
$line->stop;
expect_log(qr/KJ0601/);
is outcome(present($late, $last, once => $page_value)), '503 away', 'LINE is gone';
is $late->get("/liff/$slug")->{status}, 200, 'the page is there all the same';

# ---- nothing secret in the logs ----
$me->get("/liff/$slug?access_token=SECRETTOKEN&context_token=SECRETTOKEN&feature_token=SECRETTOKEN");
my $logs = join '', map { slurp_file($_) } glob "$ENV{KUJI_SCRATCH}/src/t/logs/*log";
unlike $logs, qr/SECRETTOKEN/, "the primary URL's tokens are masked";
unlike $logs, qr/\Q$token\E|\Q$once\E/, 'nor is what was shown in there';
like $logs, qr/access_token=\*\*\*/, 'though the request is';
my ($shipped) = slurp_file("$ENV{KUJI_SRC}/conf/log.conf") =~ /^(LogFormat .* kuji)$/m;
ok index(slurp_file("$ENV{KUJI_SRC}/t/conf/extra.conf.in"), $shipped) >= 0, 'the shipped format is used here';
my $plain = slurp_file("$ENV{KUJI_SCRATCH}/src/t/logs/kuji_log");
like $plain, qr{"GET /liff/$slug HTTP}, 'it has the page';
unlike $plain, qr/[?]|SECRETTOKEN/, 'and no query';
done_testing;
