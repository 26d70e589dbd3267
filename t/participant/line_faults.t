#!/usr/bin/perl
# LINE Login and the faults of its servers and of the way there: a kind page,
# no draw lost, and the next log-in works.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Kuji::Form ();
use Kuji::LineSite;
use Time::HiRes qw(time);

binmode Test::More->builder->$_, ':encoding(UTF-8)' for qw(output failure_output);

my $at = Kuji::LineSite->new(servers => 1, threads => 32);
my ($site, $line) = @$at{qw(site line)};
my $slug  = $site->campaign({ gates => ['line'] });
my $token = '/oauth2/v2.1/token';
my $users = 0;

# Somebody new comes by LINE: the answer to the way back, and who it is.
sub come {
    my (@fault) = @_;
    $line->clear;
    $line->fault(@fault) if @fault;
    my $me = Kuji::Form->new(site => $at->{name});
    $line->set('login.user' => 'user' . ++$users);
    return ($at->there_and_back($me, "/login/line?campaign=$slug"), $me);
}

# Then it works, in the same browser.
sub works {
    my ($me, $name) = @_;
    $line->clear;
    is $at->there_and_back($me, "/login/line?campaign=$slug&retry=1")->{status}, 303, "$name: the next log-in works";
    return is $me->post($slug, $me->form($slug))->{status}, 303, "$name: and opens the draw";
}

for my $fault (
    [ 'delay',      303, seconds => 2 ],
    [ 'drop',       503 ],
    [ 'drop_after', 503 ],
    [ 'duplicate',  400 ],
    [ 'status',     503, status => 429 ],
    [ 'status',     503, status => 500 ],
    [ 'garbage',    503 ],
    [ 'trickle',    503, seconds => 1 ],
    [ 'hang',       503, seconds => 60 ],
) {
    my ($kind, $status, %more) = @$fault;
    my $name = join ' ', 'the code:', $kind, %more;
    my $begin = time;
    my ($r, $me) = come($token, $kind, %more);
    cmp_ok time - $begin, '<', 20, "$name: in time";
    is $r->{status}, $status, "$name: $status";
    is scalar $line->requests($token), 1, "$name: a code is shown once";
    like $r->{text}, qr/くじはまだ引いていません.*retry=1/s, "$name: nothing is lost" if $status != 303;
    works($me, $name);
}

# What only reads is asked again (by libcurl too, where a connection that was
# kept ends), and then it is not guessed.
is $at->settings(profile => 'yes', friendship => 'yes')->{status}, 303, 'friends only';
$at->friends(map { "user$_" } 1 .. 40);
for my $path ('/v2/profile', '/friendship/v1/status') {
    for my $fault ([ 'delay', 303, 1, seconds => 1 ], [ 'drop', 303, 1 ], [ 'drop', 503, 8 ],
        [ 'status', 503, 2, status => 500 ], [ 'status', 503, 2, status => 429 ], [ 'garbage', 503, 2 ]) {
        my ($kind, $status, $times, %more) = @$fault;
        my $name = join ' ', "$path:", "$times times", $kind, %more;
        my ($r, $me) = come($path, $kind, %more, times => $times);
        is $r->{status}, $status, "$name: $status";
        works($me, $name);
    }
}

# The token that is given back late, or not at all, holds nobody up for long.
is +(come('/oauth2/v2.1/revoke', 'status', status => 500, times => 2))[0]{status}, 303,
    'the token is not taken back: let in';
$at->settings(profile => '', friendship => '');

# An ID token that somebody else has signed.
{
    $line->set('login.forged' => 1);
    my ($r, $me) = come();
    is $r->{status}, 400, 'another signature: refused';
    like $r->{text}, qr/くじはまだ引いていません/, 'another signature: kindly';
    $line->set('login.forged' => 0);
    works($me, 'another signature');
}

# The channel has a new secret, which the owner has not set yet.
{
    my $channels = sub { $line->set(channels => { 1657000001 => { secret => $_[0],
        redirect => ['http://fault.test/login/line/callback'] } }) };
    $channels->('e' x 32);
    my ($r, $me) = come();
    is $r->{status}, 400, 'a rotated secret: refused';
    is $at->settings(secret => 'e' x 32, bot => '', bot_secret => '')->{status}, 303, 'a rotated secret: set';
    works($me, 'a rotated secret');
}

like $site->errors, qr/KJ0601/, 'the log says what LINE did';
unlike $site->errors, qr/U[0-9a-f]{32}|e{32}|5ec7e71/, 'and names nobody, nor a secret';

done_testing;
