# Many requests at the same moment from one process: each has a connection of
# its own, all are written before the first answer is read.
#
# SPDX-License-Identifier: Apache-2.0
package Kuji::Volley;

use strict;
use warnings;
use Exporter 'import';
use IO::Select ();
use IO::Socket::INET ();
use JSON::PP ();
use Kuji::Test qw(site_url token unique);
use Time::HiRes ();

our @EXPORT_OK = qw(volley draws);

my $json = JSON::PP->new->utf8->canonical;

sub open_all {
    my ($address, $count) = @_;
    return map {
        IO::Socket::INET->new(PeerAddr => $address) or die "$address: $@"
    } 1 .. $count;
}

# { status, content, json } of a whole answer.
sub parse {
    my ($text) = @_;
    my ($head, $body) = split /\r\n\r\n/, $text, 2;
    my ($status) = ($head // '') =~ m{^HTTP/1\.\d (\d+)};
    return { status => 599, content => $text } unless $status;
    my $data = $head =~ /^content-type: [^\r\n]*json/mi
        ? eval { $json->decode($body) } : undef;
    return { status => $status, content => $body, json => $data };
}

sub read_all {
    my (@sockets) = @_;
    my $select = IO::Select->new(@sockets);
    my (%text, %place);
    @place{ map { fileno $_ } @sockets } = 0 .. $#sockets;
    while ($select->count) {
        my @ready = $select->can_read(60) or die 'no answer for a minute';
        for my $socket (@ready) {
            my $i = $place{ fileno $socket };
            next if sysread $socket, $text{$i}, 65536, length($text{$i} // '');
            $select->remove($socket);
        }
    }
    return map { parse($text{$_} // '') } 0 .. $#sockets;
}

# volley(REQUEST…): the bytes of requests that close their connection; answers
# in their order.
sub volley {
    my (@requests) = @_;
    my ($address) = site_url('first') =~ m{//(.+)};
    my @sockets = open_all($address, scalar @requests);
    for my $i (0 .. $#requests) {
        my $sent = syswrite $sockets[$i], $requests[$i];
        die "sent too little" unless $sent == length $requests[$i];
    }
    return read_all(@sockets);
}

sub draw_request {
    my ($slug, $ask) = @_;
    my ($host) = site_url('first') =~ m{//(.+)};
    my %body = %$ask;
    my $key  = delete $body{key};
    my $text = $json->encode(\%body);
    return join "\r\n", "POST /api/v1/campaigns/$slug/draws HTTP/1.1",
        "Host: $host", 'Connection: close', 'Content-Type: application/json',
        "Idempotency-Key: $key", 'Authorization: Bearer ' . token('first'),
        'Content-Length: ' . length $text, '', $text;
}

# draws(SLUG, {participant, key, …}…): all at once; who is told "busy" comes
# again with the same key, as a program would.
sub draws {
    my ($slug, @asks) = @_;
    my (@answers, @open);
    for my $ask (@asks) {
        $ask->{participant} //= unique('p');
        $ask->{key}         //= unique('k');
    }
    @open = 0 .. $#asks;
    for my $round (1 .. 200) {
        my @requests;
        for my $i (@open) {
            push @requests, draw_request($slug, $asks[$i]);
        }
        @answers[@open] = volley(@requests);
        @open = grep { $answers[$_]{status} == 503 } @open;
        return @answers unless @open;
        Time::HiRes::sleep(0.05);
    }
    die 'busy for good';
}

1;
