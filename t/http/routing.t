#!/usr/bin/perl
# Which requests are the module's, which methods they have, and who comes
# first: Alias, Kuji Off, hosts without a tenant.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use IO::Socket::INET ();
use Test::More;
use Kuji::Test;

my $slug  = campaign({});
my $other = campaign({}, site => 'second');

# Unknown paths.
for my $path ('/nope', "/k/$slug/nope", "/k/$slug/manifest.json/", '/k//key',
    '/api/v1', '/api/v2/campaigns', "/k/$slug/draws/0", '/.htaccess',
    '/healthz/', '/HEALTHZ')
{
    my $r = request('GET', $path);
    is $r->{status}, 404, "$path: 404";
}

# Methods.
my %allow = (
    "/api/v1/campaigns/$slug"         => 'GET, HEAD, PATCH',
    "/api/v1/campaigns/$slug/draws"   => 'POST',
    "/api/v1/campaigns/$slug/draws/1" => 'GET, HEAD',
    '/api/v1/campaigns'               => 'GET, HEAD, POST',
    "/k/$slug/ledger.jsonl"           => 'GET, HEAD',
    '/healthz'                        => 'GET, HEAD',
);
for my $path (sort keys %allow) {
    my @allowed = split /, /, $allow{$path};
    for my $method (qw(GET POST PUT PATCH DELETE OPTIONS TRACE BREW)) {
        next if grep { $_ eq $method } @allowed;
        my $r = request($method, $path, token => 'first');
        is $r->{status}, 405, "$method $path: 405";
        is $r->{headers}{allow}, $allow{$path}, "$method $path: Allow";
    }
}

# Names that no campaign can have are no path, and nothing is asked about them.
for my $name ('%FF', '%00', 'A', '-a', 'a_b', 'a' x 64, '%E7%A6%8F') {
    is request('GET', "/k/$name$_")->{status}, 404, "/k/$name$_: 404"
        for '', '/manifest.json';
    is request('GET', "/api/v1/campaigns/$name", token => 'first')->{status},
        404, "$name over the API: 404";
}

# HEAD is GET without the body.
for my $path ("/k/$slug/manifest.json", "/k/$slug/checkpoint", "/k/$slug/key",
    "/api/v1/campaigns/$slug", '/healthz', '/api/v1/openapi.json', '/nope')
{
    my $get  = request('GET',  $path, token => 'first');
    my $head = request('HEAD', $path, token => 'first');
    is $head->{status}, $get->{status}, "HEAD $path: status";
    is $head->{content} // '', '', "HEAD $path: no body";
    is $head->{headers}{$_}, $get->{headers}{$_}, "HEAD $path: $_"
        for qw(content-type cache-control);
}
is request('HEAD', "/k/$slug/ledger.jsonl")->{content} // '', '',
    'HEAD of a stream';

# Below a prefix.
is request('GET', "/kuji/k/$other/key", site => 'second')->{status}, 200,
    'mounted below /kuji';
for my $path ("/k/$other/key", "/kujix/k/$other/key", '/healthz') {
    is request('GET', $path, site => 'second')->{status}, 404,
        "$path is not ours";
}
is request('GET', "/kuji/k/$slug/key", site => 'second')->{status}, 404,
    'nor is the other tenant\'s campaign there';
is request('GET', '/kuji/healthz', site => 'second')->{status}, 200, 'healthz';

# A host without tenant; a Host header that names nobody.
for my $path ('/', "/k/$slug/key", "/api/v1/campaigns/$slug", '/nope') {
    is request('GET', $path, site => 'nobody', token => 'first')->{status}, 404,
        "no tenant: $path";
    is status_of($path, "Host: $_\r\n"), 404, "host '$_': $path"
        for 'elsewhere.example', '192.0.2.1', 'localhost.evil.example';
    is status_of($path, ''), 404, "no host: $path";
}
is request('GET', '/healthz', site => 'nobody')->{status}, 200,
    'health needs no tenant';

is status_of('/healthz', "Host: elsewhere.example\r\n"), 200,
    'nor a host of ours';

# The status of a request written by hand, as HTTP/1.0 allows it.
sub status_of {
    my ($path, $header) = @_;
    my ($address) = site_url('first') =~ m{//(.+)};
    my $socket = IO::Socket::INET->new(PeerAddr => $address) or die $@;
    print $socket "GET $path HTTP/1.0\r\n${header}Authorization: Bearer ",
        token('first'), "\r\n\r\n";
    local $/;
    return (split / /, <$socket>)[1];
}

# Neighbours and freed paths.
is request('GET', '/index.html', site => 'neighbour')->{status}, 200,
    'the neighbour';
my $status = request('GET', '/server-status?auto');
is $status->{status}, 200, 'Kuji Off frees a path';
like $status->{content}, qr/^KujiDrawsPrize: \d+$/m, 'mod_status, for programs';
like $status->{content}, qr/^KujiWaiting: 0$/m, 'nobody waits';
my $page = request('GET', '/server-status');
like $page->{content}, qr{<h2>mod_kuji</h2>.*<dt>Requests: \d+</dt>}s,
    'mod_status, for people';

# No directory, no .htaccess, no handler by file name gets in the way.
my $root = "$ENV{KUJI_SRC}/t/htdocs/k";
mkdir $root;
mkdir "$root/$slug";
for my $file ("$root/.htaccess", "$root/$slug/.htaccess") {
    open my $out, '>', $file or die "$file: $!";
    print $out "Require all denied\n";
    close $out;
}
is request('GET', "/k/$slug/manifest.json")->{status}, 200,
    'a directory of the same name shadows nothing';
unlink "$root/.htaccess", "$root/$slug/.htaccess";
rmdir $_ for "$root/$slug", $root;

done_testing;
