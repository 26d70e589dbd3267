#!/usr/bin/perl
# Tokens: whose, for what; and other tenants' things, which do not exist.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Kuji::Test;

my $slug  = campaign({});
my $other = campaign({}, site => 'second');
my %token = map { $_ => ctl('token', 'create', 'first', unique('t'),
        '--scopes', $_) } qw(read draw write);
my $base = "/api/v1/campaigns/$slug";

sub is_problem {
    my ($name, $r, $status, $type) = @_;
    is $r->{status}, $status, "$name: $status";
    is $r->{json}{type}, "/problems/$type", "$name: $type";
    return;
}

# No token, or none of ours.
for my $case (
    [ 'none',         {} ],
    [ 'Basic',        { Authorization => 'Basic a3VqaTprdWpp' } ],
    [ 'empty',        { Authorization => 'Bearer ' } ],
    [ 'short',        { Authorization => 'Bearer kuji_abc' } ],
    [ 'unknown',      { Authorization => 'Bearer kuji_' . 'A' x 43 } ],
    [ 'another case', { Authorization => 'Bearer ' . lc token('first') } ],
    [ 'and more',     { Authorization => 'Bearer ' . token('first') . 'x' } ])
{
    my $r = request('GET', $base, headers => $case->[1]);
    is_problem($case->[0], $r, 401, 'unauthorised');
    is $r->{headers}{'www-authenticate'}, 'Bearer realm="kuji"',
        "$case->[0]: WWW-Authenticate";
}
is request('GET', $base, headers => { Authorization => 'bearer ' . token() })
    ->{status}, 200, 'the scheme in lower case';

# Scopes.
my %draw = (
    json    => { participant => 'p' },
    headers => { 'Idempotency-Key' => 'k' },
);
for my $case (
    [ 'GET',   $base,               'read' ],
    [ 'GET',   '/api/v1/campaigns', 'read' ],
    [ 'POST',  "$base/draws",       'draw', %draw ],
    [ 'GET',   "$base/draws/1",     'read' ],
    [ 'POST',  '/api/v1/campaigns', 'write', json => {} ],
    [ 'PATCH', $base,               'write', json => {} ],
    (map { [ 'POST', "$base/$_", 'write', json => { x => 1 } ] }
        qw(publish pause resume close stock codes void raffle substitute)))
{
    my ($method, $path, $needs, %o) = @$case;
    for my $scope (grep { $_ ne $needs } sort keys %token) {
        my $r = request($method, $path, token => $token{$scope}, %o);
        is_problem("$method $path with $scope", $r, 403, 'forbidden');
    }
    my $r = request($method, $path, token => $token{$needs}, %o);
    isnt $r->{status}, 401, "$method $path with $needs is let in";
    isnt $r->{status}, 403, "$method $path with $needs may";
}

# Another tenant's token and campaigns.
my $stranger = token('second');
is_problem('its token', request('GET', $base, token => $stranger), 401,
    'unauthorised');
for my $path ("/api/v1/campaigns/$other", "/api/v1/campaigns/$other/draws/1",
    "/k/$other/manifest.json", "/k/$other/ledger.jsonl", "/k/$other/checkpoint")
{
    is_problem($path, request('GET', $path, token => 'first'), 404,
        'not-found');
}
is_problem('its draws', draw($other, token => 'first'), 404, 'not-found');
for my $action (qw(publish pause resume)) {
    is_problem("its $action", request('POST',
            "/api/v1/campaigns/$other/$action", token => 'first'),
        404, 'not-found');
}
is request('GET', "/kuji/api/v1/campaigns/$other", site => 'second',
    token => $stranger)->{json}{slug}, $other, 'it sees its own';

# A revoked token stops, at the latest when it has left the cache.
my $brief = ctl('token', 'create', 'first', 'brief', '--scopes', 'read');
is request('GET', $base, token => $brief)->{status}, 200, 'a fresh token';
my $id = sql("SELECT max(id) FROM kuji.token WHERE name = 'brief'");
ctl('token', 'revoke', 'first', $id);
my $status = 200;
for (1 .. 50) {
    $status = request('GET', $base, token => $brief)->{status};
    last if $status != 200;
    select undef, undef, undef, 0.1;
}
is $status, 401, 'revoked';

done_testing;
