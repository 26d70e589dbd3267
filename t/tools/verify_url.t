#!/usr/bin/perl
# kuji-verify on a campaign's page: a small server that tells the truth, and
# the same telling each lie once. Proofs are made here from RFC 6962's
# definitions.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Digest::SHA qw(sha256);
use IO::Socket::INET ();
use Kuji::Vectors;

my $campaign = vectors('kuji1.json')->{campaigns}[0];
my @lines    = ($campaign->{manifest}, @{ $campaign->{leaves} });
utf8::encode($_) for @lines;
my @hashes = map { sha256("\0$_") } @lines;

sub power_below {
    my ($n) = @_;
    my $k = 1;
    $k *= 2 while $k * 2 < $n;
    return $k;
}

sub root {
    my @h = @_;
    return $h[0] if @h == 1;
    my $k = power_below(scalar @h);
    return sha256("\1" . root(@h[ 0 .. $k - 1 ]) . root(@h[ $k .. $#h ]));
}

sub path {
    my ($m, @h) = @_;
    return () if @h == 1;
    my $k = power_below(scalar @h);
    return $m < $k
        ? (path($m, @h[ 0 .. $k - 1 ]), root(@h[ $k .. $#h ]))
        : (path($m - $k, @h[ $k .. $#h ]), root(@h[ 0 .. $k - 1 ]));
}

sub subproof {
    my ($m, $whole, @h) = @_;
    return $whole ? () : root(@h) if $m == @h;
    my $k = power_below(scalar @h);
    return $m <= $k
        ? (subproof($m, $whole, @h[ 0 .. $k - 1 ]), root(@h[ $k .. $#h ]))
        : (subproof($m - $k, 0, @h[ $k .. $#h ]), root(@h[ 0 .. $k - 1 ]));
}

sub hashes_json {
    return '"hashes":['
        . join(',', map { '"' . unpack('H*', $_) . '"' } @_) . ']}';
}

# The document at a path, as text; undef: 404. %lie holds other answers.
sub document {
    my ($name, $lie, $count) = @_;
    return $lie->{$name}->($count) if $lie->{$name};
    if ($name =~ /^proof\?leaf=(\d+)&size=(\d+)$/) {
        return undef if $1 >= $2 || $2 > @lines;
        return qq({"leaf":$1,"size":$2,)
            . hashes_json(path($1, @hashes[ 0 .. $2 - 1 ]));
    }
    if ($name =~ /^consistency\?from=(\d+)&to=(\d+)$/) {
        return undef if $1 < 1 || $1 > $2 || $2 > @lines;
        return qq({"from":$1,"to":$2,)
            . hashes_json(subproof($1, 1, @hashes[ 0 .. $2 - 1 ]));
    }
    my %documents = (
        'manifest.json' => $lines[0],
        'ledger.jsonl'  => join('', map { "$_\n" } @lines),
        key             => "$campaign->{vkey}\n",
        checkpoint      => $campaign->{checkpoint},
    );
    return $documents{$name};
}

sub serve {
    my ($socket, $lie) = @_;
    my %count;
    while (my $client = $socket->accept) {
        my ($name) = (<$client> // '') =~ m{^GET /k/case-1/(\S+) } or next;
        while (my $header = <$client>) {
            last if $header eq "\r\n";
        }
        my $text = document($name, $lie, $count{$name}++);
        my $status = defined $text ? '200 OK' : '404 Not Found';
        $text //= '';
        utf8::encode($text) if utf8::is_utf8($text);
        print $client "HTTP/1.1 $status\r\nConnection: close\r\n",
            'Content-Length: ', length $text, "\r\n\r\n", $text;
        close $client;
    }
    exit 0;
}

# Runs kuji-verify against a server of these lies.
sub against {
    my ($lie, @arguments) = @_;
    my $socket = IO::Socket::INET->new(
        Listen    => 5,
        LocalAddr => '127.0.0.1',
        ReuseAddr => 1
    ) or die "socket: $!";
    my $pid = fork // die "fork: $!";
    serve($socket, $lie) unless $pid;
    my @answer = verify(@arguments,
        'http://127.0.0.1:' . $socket->sockport . '/k/case-1/');
    kill TERM => $pid;
    waitpid $pid, 0;
    return @answer;
}

my ($status, $output, $error) = against({});
is "$status$error", '0', 'the truth holds';
like $output, qr/^proofs +6 of inclusion and 7 of consistency/m,
    'proofs were asked for and hold';

my $dir = campaign_dir($campaign);
my $old = put_file("$dir/old", $campaign->{old});
($status, $output, $error) = against({}, '--old-checkpoint', $old);
is "$status$error", '0', 'an old checkpoint holds';
like $output, qr/and 8 of consistency/, 'with a proof of its own';

my $shorter = join '', map { "$_\n" } @lines[ 0 .. 400 ];
my $last    = $#lines;
my @lies = (
    [ 'a shorter ledger', 1, 'only 401', { 'ledger.jsonl' => sub { $shorter } } ],
    [ 'a proof for another leaf', 1, 'is no proof',
        { "proof?leaf=$last&size=533" => sub { document('proof?leaf=1&size=533', {}) } } ],
    [ 'a wrong proof', 1, "leaf $last: the server's proof fails",
        { "proof?leaf=$last&size=533" => sub {
            document("proof?leaf=$last&size=533", {}) =~ s/\["./["0/r
                =~ s/"0/"1/r } } ],
    [ 'a proof too short', 1, 'proof fails',
        { 'proof?leaf=0&size=533' => sub { qq({"leaf":0,"size":533,"hashes":[]}) } } ],
    [ 'no proof', 2, '404', { 'proof?leaf=0&size=533' => sub { undef } } ],
    [ 'a wrong consistency proof', 1, 'became 533 fails',
        { 'consistency?from=1&to=533' => sub {
            qq({"from":1,"to":533,) . hashes_json(path(1, @hashes)) } } ],
    [ 'a checkpoint that goes back', 1, 'went back',
        { checkpoint => sub { $_[0] ? $campaign->{old} : $campaign->{checkpoint} } } ],
    [ 'no key', 2, '404', { key => sub { undef } } ],
    [ 'no manifest', 2, '404', { 'manifest.json' => sub { undef } } ],
    [ 'a page instead of a ledger', 1, 'leaf 0: is not the manifest',
        { 'ledger.jsonl' => sub { "<html>\n" } } ],
    [ 'a manifest that never ends', 2, '',
        { 'manifest.json' => sub { 'x' x (17 << 20) } } ],
);
for my $lie (@lies) {
    my ($name, $want, $why, $documents) = @$lie;
    ($status, undef, $error) = against($documents);
    is $status, $want, $name;
    like $error, qr/\Q$why/, "$name: says why";
}

($status, undef, $error) = against({}, '--key',
    vectors('kuji1.json')->{campaigns}[1]{vkey});
is $status, 1, 'the key from before counts, not the page\'s';

done_testing;
