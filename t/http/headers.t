#!/usr/bin/perl
# Headers that every answer has, once; and conditional requests.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Compress::Zlib qw(memGunzip);
use Test::More;
use Kuji::Test;

my $slug = campaign({});
my $full = campaign({ limits => { draws => 1 } });
draw($full);

my %answer = (
    '200'      => request('GET', "/k/$slug/manifest.json"),
    'stream'   => request('GET', "/k/$slug/ledger.jsonl"),
    '201'      => draw($slug),
    '400'      => request('GET', "/k/$slug/proof"),
    '401'      => request('GET', '/api/v1/campaigns'),
    '404'      => request('GET', '/nope'),
    '405'      => request('POST', '/healthz'),
    '409'      => draw($full),
    'head'     => request('HEAD', "/k/$slug/key"),
    'no tenant' => request('GET', '/', site => 'nobody'),
);
for my $name (sort keys %answer) {
    my $h = $answer{$name}{headers};
    is $h->{'x-content-type-options'}, 'nosniff', "$name: nosniff, once";
    is $h->{'referrer-policy'}, 'strict-origin', "$name: Referrer-Policy, once";
    ok !ref $h->{'content-security-policy'}, "$name: one CSP";
    like $h->{'content-security-policy'}, qr/default-src 'none'/,
        "$name: strict";
    like $h->{'content-security-policy'}, qr/frame-ancestors 'none'/,
        "$name: no frames";
    unlike $h->{'content-security-policy'}, qr/unsafe/, "$name: nothing unsafe";
    ok defined $h->{'cache-control'}, "$name: says who may keep it";
}

# Problems are kept by nobody; a program that asks for nothing gets JSON.
for my $name (qw(400 401 404 405 409)) {
    is $answer{$name}{headers}{'cache-control'}, 'no-store', "$name: no-store";
    like $answer{$name}{headers}{'content-type'},
        qr{^application/problem\+json}, "$name: problem+json";
    is_deeply [ grep { !/^(?:type|title|status|detail)$/ }
            keys %{ $answer{$name}{json} } ], [], "$name: its members";
}

# conf/compress.conf: pages and assets, never the console or the API's answers.
for my $case ([ "/k/$slug", 'gzip' ], ['/admin/login', 'none'], [ "/api/v1/campaigns/$slug", 'none' ]) {
    my ($path, $coded) = @$case;
    my $h = request('GET', $path, token => 'first', headers => { 'Accept-Encoding' => 'gzip' })->{headers};
    is $h->{'content-encoding'} // 'none', $coded, "$path: compressed: $coded";
}

# Conditional GET, also when the body is compressed.
for my $path ("/k/$slug/manifest.json", '/api/v1/openapi.json',
    "/k/$slug/ledger.jsonl?to=1")
{
    my $etag = request('GET', $path)->{headers}{etag};
    like $etag, qr/^"[\x21\x23-\x7e]+"$/, "$path: ETag";
    my $same = request('GET', $path, headers => { 'If-None-Match' => $etag });
    is $same->{status}, 304, "$path: not modified";
    is $same->{content} // '', '', "$path: no body";
    is $same->{headers}{etag}, $etag, "$path: ETag again";
    my $changed = request('GET', $path, headers => { 'If-Match' => '"x"' });
    is $changed->{status}, 412, "$path: If-Match of something else";
    is $changed->{headers}{'content-type'}, 'application/problem+json',
        "$path: a problem";
    is request('GET', $path, headers => { 'If-None-Match' => '"x"' })
        ->{status}, 200, "$path: another ETag";
    is request('GET', $path, headers => { 'If-None-Match' => qq("x", $etag) })
        ->{status}, 304, "$path: one of several";

    my %gzip = ('Accept-Encoding' => 'gzip');
    my $small = request('GET', $path, headers => \%gzip);
    is $small->{headers}{'content-encoding'}, 'gzip', "$path: compressed";
    is $small->{headers}{etag}, $etag, "$path: compressed, the same ETag";
    is memGunzip($small->{content}), request('GET', $path)->{content},
        "$path: the same bytes";
    is request('GET', $path, headers => { %gzip, 'If-None-Match' => $etag })
        ->{status}, 304, "$path: compressed, not modified";
}

done_testing;
