#!/usr/bin/perl
# Which host answers what: tenants, mounts, neighbours.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Kuji::Test;

my @cases = (
    # site, path, status, what it shows
    [ 'first',     '/healthz',        200, 'the process answers' ],
    [ 'first',     '/readyz',         200, 'the database is writable and the schema right' ],
    [ 'second',    '/kuji/healthz',   200, 'below a prefix' ],
    [ 'second',    '/healthz',        404, 'nothing of ours outside the prefix' ],
    [ 'nobody',    '/',               404, 'a host without a tenant shows none' ],
    [ 'nobody',    '/healthz',        200, 'but its process answers' ],
    [ 'neighbour', '/index.html',     200, 'a static site beside it' ],
    [ 'neighbour', '/k/demo-odds',    404, 'has no campaigns' ],
    [ 'first',     '/server-status',  200, 'Kuji Off frees a path' ],
    [ 'first',     '/k/no-such-one',  404, 'an unknown campaign' ],
);
for my $case (@cases) {
    my ($site, $path, $status, $what) = @$case;
    is request('GET', $path, site => $site)->{status}, $status,
        "$site $path: $what";
}

my $slug = campaign({ method => 'box', blanks => 0, prizes => [ { code => 'A', units => 2 } ] });
my $r    = draw($slug, participant => 'one', key => 'k1');
is $r->{status}, 201, 'a draw' or diag $r->{content};
is $r->{json}{draws}[0]{n}, 1, 'the first';
is $r->{json}{draws}[0]{prize}{code}, 'A', 'wins the only prize';
is draw($slug, participant => 'one', key => 'k1')->{status}, 200,
    'the same key: the same draw';
is request('GET', "/k/$slug/manifest.json", site => 'second')->{status}, 404,
    'another host has no such campaign';
is request('GET', "/kuji/k/$slug/manifest.json", site => 'second')->{status},
    404, 'and no other tenant sees it';
is draw($slug, site => 'first', token => token('second'))->{status}, 401,
    "another tenant's token is none";

my @drawn = parallel(8, sub { draw($slug, key => "p$_[0]")->{status} });
is scalar(grep { $_ == 201 } @drawn), 1, 'the last ticket goes to one of eight';
is scalar(grep { $_ == 409 } @drawn), 7, 'the others find the box empty';
is sql("SELECT units_left FROM kuji.prize p JOIN kuji.campaign c
        ON c.id = p.campaign_id WHERE c.slug = '$slug'"), 0, 'none is left';

done_testing;
