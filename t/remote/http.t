#!/usr/bin/perl
# Calls of other people's servers: what is known afterwards, how long it takes,
# what is tried again, and that a dead server is left alone.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use IO::Socket::INET ();
use Kuji::Line ();

my $line  = Kuji::Line->new;
my $certs = '/oauth2/v2.1/certs';

# ask(METHOD, URL, MS, …): [word, status, ms, bytes, why] of each call.
sub ask {
    my @words = @_;
    open my $out, '-|', 'kuji-remote-call', @words or die $!;
    return map { chomp; [split / /, $_, 5] } <$out>;
}

# A port of nobody's.
sub nobody {
    my $socket = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1');
    return $socket->sockport;
}

my ($got) = ask('GET', $line->url($certs), 2000);
is "@$got[0, 1]", 'answered 200', 'an answer';
($got) = ask('POST', $line->url('/oauth2/v2.1/token'), 2000, 0, 'a=1');
is "@$got[0, 1]", 'answered 400', 'a refusal is an answer';
is +($line->requests('/oauth2/v2.1/token'))[0]{body}, 'a=1', 'the body as it was';
($got) = ask('POST', $line->url('/oauth2/v2.1/revoke'), 2000);
is +($line->requests('/oauth2/v2.1/revoke'))[0]{headers}{'content-length'}, 0,
    'a POST without a body says so';

# Nothing was sent: busy.
($got) = ask('GET', 'http://127.0.0.1:' . nobody() . '/', 2000);
is "@$got[0, 1]", 'busy 0', 'nobody listens: nothing was sent';
cmp_ok $got->[2], '<', 1000, 'and that is known at once';
($got) = ask('GET', 'http://no-such-host.invalid/', 3000);
is $got->[0], 'busy', 'no such host';
($got) = ask('GET', "file:///etc/passwd", 2000);
is "@$got[0, 3]", 'busy 0', 'only http and https';
($got) = ask('GET', "https://127.0.0.1:$line->{port}/", 2000);
is $got->[0], 'busy', 'no TLS on the other side: nothing was sent';

# To the public internet only: this machine and its network are not asked.
{
    local $ENV{KUJI_PUBLIC} = 2;
    $line->clear;
    for my $host ('127.0.0.1', 'localhost', '0.0.0.0', '[::ffff:127.0.0.1]', '2130706433') {
        ($got) = ask('GET', "http://$host:$line->{port}$certs", 2000);
        is $got->[0], 'busy', "$host is not public: nothing was sent";
    }
    is scalar $line->requests($certs), 0, 'nobody was asked';
}

# It was sent: unknown, and once more only where that does no harm.
for my $case (['drop', 'lost before'], ['drop_after', 'done, the answer lost']) {
    my ($kind, $what) = @$case;
    $line->clear;
    $line->fault($certs, $kind, times => 5);
    ($got) = ask('POST', $line->url($certs), 2000);
    is $got->[0], 'unknown', "$what: unknown";
    is scalar $line->requests($certs), 1, 'asked once';
    $line->clear;
    $line->fault($certs, $kind);
    ($got) = ask('GET', $line->url($certs), 2000, 1);
    is "@$got[0, 1]", 'answered 200', "$what: the second try answers";
    is scalar $line->requests($certs), 2, 'asked twice';
}
$line->clear;
$line->fault($certs, 'status', status => 503, times => 5);
($got) = ask('GET', $line->url($certs), 2000, 1);
is "@$got[0, 1]", 'answered 503', 'still away at the second try';
is scalar $line->requests($certs), 2, 'there is no third one';
$line->clear;
$line->fault($certs, 'status', status => 500, times => 5);
ask('GET', $line->url($certs), 2000, 1);
is scalar $line->requests($certs), 1, 'a 500 is an answer';

# A server that ends between the two tries: the first one was sent.
{
    my $socket = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1');
    my $pid = fork // die $!;
    if (!$pid) {
        my $peer = $socket->accept;
        close $socket;
        sysread $peer, my $request, 4096;
        close $peer;
        require POSIX;
        POSIX::_exit(0);
    }
    my $port = $socket->sockport;
    close $socket;
    ($got) = ask('GET', "http://127.0.0.1:$port/", 4000, 1);
    is $got->[0], 'unknown', 'nobody is there for the second try: the first may have been done';
    waitpid $pid, 0;
}

# Time and bytes end.
$line->clear;
$line->fault($certs, 'delay', seconds => 3);
($got) = ask('GET', $line->url($certs), 500, 1);
is $got->[0], 'unknown', 'too slow: unknown';
cmp_ok $got->[2], '<', 1500, 'the patience holds for both tries';
$line->clear;
$line->fault($certs, 'trickle', seconds => 0.2);
($got) = ask('GET', $line->url($certs), 1000);
is $got->[0], 'unknown', 'an answer byte by byte takes no longer than that';
cmp_ok $got->[2], '<', 2500, 'either';
$line->clear;
$line->fault($certs, 'garbage', body => 'x' x (1 << 20));
($got) = ask('GET', $line->url($certs), 5000);
is "@$got[0, 3]", 'answered ' . (1 << 20), 'an answer of a mebibyte';
$line->fault($certs, 'garbage', body => 'x' x ((1 << 20) + 1));
($got) = ask('GET', $line->url($certs), 5000);
is $got->[0], 'toobig', 'and not a byte more';

# The breaker: five failures, then nobody waits for it.
$line->clear;
{
    local $ENV{KUJI_CALLS} = 12;
    $line->fault($certs, 'delay', seconds => 2, times => 12);
    my @got = ask('GET', $line->url($certs), 300);
    is scalar(grep { $_->[0] eq 'unknown' } @got), 5, 'five find out';
    is scalar(grep { $_->[0] eq 'busy' && $_->[2] < 50 } @got), 7,
        'the others are told at once';
    is scalar $line->requests($certs), 5, 'and bother nobody';
}
# Four calls at once, by this program's setting.
$line->clear;
{
    local @ENV{qw(KUJI_CALLS KUJI_AT_ONCE)} = (1, 10);
    $line->fault($certs, 'delay', seconds => 1, times => 10);
    my @got = ask('GET', $line->url($certs), 5000);
    is scalar(grep { "@$_[0, 1]" eq 'answered 200' } @got), 4,
        'four at once wait for a slow server';
    is scalar(grep { $_->[0] eq 'busy' && $_->[2] < 500 } @got), 6,
        'no more do';
}
done_testing;
