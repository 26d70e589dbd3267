#!/usr/bin/perl
# LINE's client against the stand-in: what is believed and what is not, which
# keys are asked for when, and what becomes of it when LINE is away.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Digest::SHA qw(sha256);
use HTTP::Tiny ();
use IPC::Open2 qw(open2);
use MIME::Base64 qw(encode_base64url);
use Kuji::Line ();

my $line = Kuji::Line->new;
my ($channel, $secret) = ('1234567890', 'f' x 32);
my $back = 'https://shop.example/login/line/callback';
$line->set(channels => {
    $channel => {secret => $secret, redirect => [$back]},
    9999     => {secret => 'other',  redirect => [$back]},
});
my $pid = open2(my $out, my $in, 'kuji-remote-line', $line->url(''), $channel,
    $secret);

# do_(WORD, …): [end, what came of it …].
sub do_ {
    print {$in} join("\t", @_), "\n";
    $in->flush;
    chomp(my $text = <$out> // '');
    return [split /\t/, $text, -1];
}

my $browser  = HTTP::Tiny->new(max_redirect => 0);
my $verifier = 'v' x 43;

# What the callback gets after a log-in: its query as a hash.
sub log_in {
    my (%ask) = @_;
    my %q = (response_type => 'code', client_id => $channel, state => 's',
        redirect_uri => $back, scope => 'openid', nonce => 'n-0',
        code_challenge => encode_base64url(sha256($verifier)),
        code_challenge_method => 'S256', %ask);
    my $got = $browser->get($line->url('/oauth2/v2.1/authorize?')
        . $browser->www_form_urlencode(\%q));
    my ($query) = ($got->{headers}{location} // '') =~ /\?(.*)/ or return {};
    return {map { split /=/, $_, 2 } split /&/, $query};
}

sub exchange { return do_(exchange => $_[0], $back, $_[1] // $verifier) }

my $sub = $line->control(sub => 'alice')->{sub};

# ---- a log-in on the web ----
my $code = log_in()->{code};
ok $code, 'a code';
my ($end, $access, $id) = @{ exchange($code) };
is $end, 'done', 'exchanged';
is exchange($code)->[0], 'refused', 'once only';
is exchange(log_in()->{code}, 'w' x 43)->[0], 'refused', 'another verifier';
is exchange('made-up')->[0], 'refused', 'a made-up code';
is_deeply do_(identify => $id, 'n-0'), ['done', $sub], 'who it was';
is do_(identify => $id, 'n-1')->[1],
    q{an ID token's claim does not fit: nonce}, 'another nonce';
is do_(identify => $id, 'n-0', 60)->[0], 'done', 'a young one';
is scalar $line->requests('/oauth2/v2.1/certs'), 0, 'no key was needed for that';

for my $case (
    ['another channel\'s', {aud => '9999'},                   'audience'],
    ['another issuer\'s',  {iss => 'https://evil.example'},   'issuer'],
    ['over',               {exp => time - 200},               'expired'],
    ['of the future',      {iat => time + 900},               'early'],
    ['nobody\'s',          {sub => undef},                    'subject'],
) {
    my ($what, $claims, $flaw) = @$case;
    $line->set('login.claims' => $claims);
    my $token = exchange(log_in()->{code})->[2];
    is do_(identify => $token, 'n-0')->[1],
        "an ID token's claim does not fit: $flaw", "an ID token that is $what";
}
$line->set('login.claims' => {});
$line->set('login.claims' => {exp => time - 60, iat => time + 60});
is do_(identify => exchange(log_in()->{code})->[2], 'n-0')->[0], 'done',
    'clocks may differ a little';
$line->set('login.claims' => {});
$line->set('login.alg' => 'none');
is do_(identify => exchange(log_in()->{code})->[2], 'n-0')->[0], 'refused',
    'alg none';
$line->set('login.alg' => 'ES256');
is do_(identify => exchange(log_in()->{code})->[2], 'n-0')->[0], 'done',
    'ES256 is good on the web too';
$line->set('login.alg' => 'HS256');
is do_(identify => substr($id, 0, -2) . 'AA', 'n-0')->[0], 'refused',
    'another signature';
is do_(identify => 'a.b', '-')->[1], 'no ID token', 'no token at all';

# ---- the access token ----
is do_(access => $access)->[0], 'done', 'ours';
my $foreign = $line->control(mint => {client => '9999', user => 'alice'});
is do_(access => $foreign->{access_token})->[0], 'refused',
    'live, but another channel\'s';
is_deeply do_(profile => $access),
    ['done', $sub, 'Alice', 'https://profile.line-scdn.net/alice'], 'a profile';
is do_(friend => $access)->[1], 'stranger', 'no friend yet';
log_in(bot_prompt => 'normal');
is do_(friend => $access)->[1], 'friend', 'a friend after the prompt';
is do_(revoke => $access)->[0], 'done', 'given back';
is do_(access => $access)->[0], 'refused', 'and dead';

# ---- LIFF: ES256, LINE's keys ----
$line->clear;
my %app = (client => $channel, user => 'alice');
sub liff { return $line->control(mint => {%app, @_})->{id_token} }
is_deeply do_(identify => liff(), '-'), ['done', $sub], 'a token of LIFF';
is_deeply do_(identify => liff(), '-'), ['done', $sub], 'and another';
is scalar $line->requests('/oauth2/v2.1/certs'), 0,
    'the keys were there already';
my $old = liff();
$line->control(rotate => 1);
is do_(identify => liff(), '-')->[0], 'refused',
    'a new key: asked for a moment ago, not again';
sleep 10;
is do_(identify => liff(), '-')->[0], 'done', 'a new key is fetched';
is do_(identify => $old, '-')->[0], 'done', 'the old one still holds';
is scalar $line->requests('/oauth2/v2.1/certs'), 1, 'by one request';
is do_(identify => liff(kid => 'made-up'), '-')->[0], 'refused',
    'a key that LINE does not have';
is do_(identify => liff(aud => '9999'), '-')->[0], 'refused',
    'a token for somebody else';

# ---- keys that cannot be had ----
# Not to know a key is no word on it: LINE's own word on the token is asked for.
sleep 10;
$line->control(rotate => 1);
$line->clear;
$line->fault('/oauth2/v2.1/certs', 'status', status => 500, times => 1);
is do_(identify => liff(), '-')->[0], 'done', 'LINE does not give its keys: it is asked for its word';
is do_(identify => liff(), '-')->[0], 'done', 'and by the next one too';
is scalar $line->requests('/oauth2/v2.1/certs'), 1, 'the keys are not asked for again so soon';
is scalar $line->requests('/oauth2/v2.1/verify'), 2, 'its word is';
for my $body ('{}', '{"sub":"U00000000000000000000000000000000"}', '[]') {
    $line->fault('/oauth2/v2.1/verify', 'garbage', body => $body);
    is do_(identify => liff(), '-')->[0], 'away', "an answer that is no word on this user: $body";
}
sleep 10;
$line->fault('/oauth2/v2.1/certs', 'garbage', body => '{"keys":[]}');
is do_(identify => liff(), '-')->[0], 'done', 'a set without keys is none';
is do_(identify => $old, '-')->[0], 'done', 'what was at hand';
is scalar $line->requests('/oauth2/v2.1/certs'), 2, 'is kept';

# ---- a channel's token ----
# However long LINE says that it is good for.
for my $seconds ('9223372036854775807', '9223372036854') {
    $line->clear;
    $line->fault('/oauth2/v3/token', 'garbage', body => qq({"access_token":"t$seconds","expires_in":$seconds}));
    $line->fault('/v2/bot/message/push', 'status', status => 200, times => 2);
    is do_(push => $sub, 'hi')->[0], 'done', 'a message' for 1, 2;
    is scalar $line->requests('/oauth2/v3/token'), 1, "a token for $seconds seconds is kept";
    $line->fault('/v2/bot/message/push', 'status', status => 401, times => 2);
    do_(push => $sub, 'hi'); # LINE knows it no longer: the next one is new
    $line->clear;
    $line->fault('/oauth2/v3/token', 'status', status => 500, times => 2);
    do_(push => $sub, 'hi');
}

# ---- LINE is away ----
for my $fault (['status', status => 500], ['status', status => 429], ['drop'],
    ['garbage']) {
    my ($kind, %more) = @$fault;
    $line->clear;
    my $given = log_in()->{code};
    $line->fault('/oauth2/v2.1/token', $kind, %more);
    is exchange($given)->[0], 'away', join ' ', 'a code, and', $kind, %more;
    is scalar $line->requests('/oauth2/v2.1/token'), 1, 'tried once only';
}
$line->clear;
$line->fault('/v2/profile', 'drop');
($access) = @{ exchange(log_in()->{code}) }[1];
is do_(profile => $access)->[0], 'done', 'what only reads is asked twice';
$line->stop;
is do_(profile => $access)->[0], 'away', 'LINE is gone';
is do_(identify => liff_of($old), '-')->[0], 'done', 'keys at hand go on';
sub liff_of { return $_[0] }

close $in;
waitpid $pid, 0;
is $?, 0, 'the client ends well';
done_testing;
