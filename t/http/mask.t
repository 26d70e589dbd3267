#!/usr/bin/perl
# Codes in a URL reach no log and no status page.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use IO::Socket::INET ();
use Test::More;
use Kuji::Test;

my $slug   = campaign({});
my $secret = 'SECRET' . $$;
for my $query ("code=$secret", "x=1&code=$secret&y=2", "passphrase=$secret",
    "CODE=$secret", "c%6Fde=$secret", "key=$secret", "token=$secret")
{
    for my $path ("/k/$slug", "/k/$slug/key", '/nope') {
        ok request('GET', "$path?$query")->{status} < 500, "$path?$query";
    }
}
is request('POST', "/k/$slug/draw?code=$secret", body => "code=$secret",
    headers => { 'Content-Type' => 'text/plain',
        Origin => 'http://evil.example' })->{status} >= 400, 1, 'in a POST';

unlike request('GET', '/server-status')->{content}, qr/$secret/,
    'mod_status shows none';

# The first line of the answer to these bytes.
sub raw {
    my ($bytes) = @_;
    my ($address) = site_url('first') =~ m{//([^/]+)};
    my $socket = IO::Socket::INET->new(PeerAddr => $address) or die $@;
    print $socket $bytes;
    return scalar <$socket>;
}

# What httpd refuses before it knows the host.
for my $rest ("HTTP/1.1\r\n\r\n", "HTTP/1.1\r\nHost: a b\r\n\r\n",
    "HTTP/1.1\r\nHost: x\r\nbad line\r\n\r\n")
{
    like raw("GET /k/$slug?code=$secret $rest"), qr{^HTTP/1\.1 400 }, 'refused';
}

sleep 1;
for my $log (qw(access_log error_log)) {
    my $file = "$ENV{KUJI_SRC}/t/logs/$log";
    SKIP: {
        skip "no $log", 1 unless -f $file;
        my $found = grep { /$secret/ } split /\n/, slurp_file($file);
        is $found, 0, "$log holds none";
    }
}
like slurp_file("$ENV{KUJI_SRC}/t/logs/access_log"),
    qr{GET /k/\Q$slug\E/key\?x=1&code=\*\*\*&y=2 }, 'it was there';

# Another application below the same host keeps its parameters.
is request('GET', '/server-status?auto&code=1')->{status}, 200, 'neighbours';

done_testing;
