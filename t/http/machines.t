#!/usr/bin/perl
# healthz, readyz, metrics, openapi.json.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Kuji::Test;

is request('GET', '/healthz')->{content}, "ok\n", 'healthz';
is request('GET', '/readyz')->{content}, "ready\n", 'readyz';
is request('GET', '/readyz', site => 'nobody')->{status}, 200,
    'readyz without a tenant asks about the database alone';

# Metrics: on for the loopback address on the first site, off on the second.
is request('GET', '/kuji/metrics', site => 'second')->{status}, 404,
    'off unless told otherwise';

sub metrics {
    my $r = request('GET', '/metrics');
    is $r->{status}, 200, 'metrics';
    like $r->{headers}{'content-type'}, qr{^text/plain; version=0\.0\.4}, 'type';
    my (%value, %type);
    for my $line (split /\n/, $r->{content}) {
        if ($line =~ /^# TYPE (\w+) (counter|gauge|histogram)$/) {
            $type{$1} = $2;
        }
        elsif ($line !~ /^# HELP \w+ \S/) {
            my ($name, $number) =
                $line =~ /^(\w+(?:\{\w+="[^"]*"\})?) (\d+(?:\.\d+)?)$/
                or fail "not Prometheus text: $line";
            $value{$name} = $number;
            my ($base) = $name =~ /^(\w+)/;
            $base =~ s/_(?:bucket|sum|count)$// unless $type{$base};
            ok $type{$base}, "$name has a type" unless $type{$base};
        }
    }
    return \%value;
}

# A child's numbers come twice a second; another one may answer than drew.
select undef, undef, undef, 1.2;
my $before = metrics();
my $slug   = campaign({ limits => { draws_per_participant => 2 } });
my $key    = unique('k');
draw($slug, participant => 'a', key => $key);
draw($slug, participant => 'a', key => $key);
draw($slug, participant => 'a', key => $key, count => 2);
draw($slug, participant => 'b', count => 2);
draw($slug, participant => 'b');
request('GET', '/nope');

select undef, undef, undef, 1.2;
my $after = metrics();
my %more  = map { $_ => $after->{$_} - ($before->{$_} // 0) } keys %$after;
is $more{'kuji_draws_total{outcome="prize"}'}
    + $more{'kuji_draws_total{outcome="blank"}'}, 3, 'three draws';
is $more{kuji_repeated_total}, 1, 'one repeated';
is $more{'kuji_refusals_total{reason="key-reused"}'}, 1, 'one key reused';
is $more{'kuji_refusals_total{reason="limit-reached"}'}, 1, 'one limit';
is $more{'kuji_problems_total{problem="not-found"}'}, 1, 'one not found';
is $after->{kuji_queue_depth}, 0, 'nobody waits';
cmp_ok $more{kuji_requests_total}, '>=', 7, 'requests';
cmp_ok $more{kuji_batch_size_count}, '>=', 1, 'batches';
is $after->{kuji_commit_seconds_count},
    $after->{'kuji_commit_seconds_bucket{le="+Inf"}'}, 'the histogram adds up';
cmp_ok $after->{kuji_commit_seconds_sum}, '>', 0, 'time passes';
cmp_ok $after->{kuji_database_connects_total}, '>=', 1, 'connections';

my @buckets = map { $after->{$_} }
    sort { bound($a) <=> bound($b) }
    grep { /^kuji_commit_seconds_bucket/ } keys %$after;
is_deeply \@buckets, [ sort { $a <=> $b } @buckets ], 'buckets grow';

sub bound {
    my ($le) = $_[0] =~ /le="([^"]+)"/;
    return $le eq '+Inf' ? 9e99 : $le;
}

# The API's description, as the guard checks it against the tables.
my $doc = request('GET', '/api/v1/openapi.json');
is $doc->{status}, 200, 'openapi.json needs no token';
is $doc->{json}{openapi}, '3.1.0', 'OpenAPI 3.1';
for my $path (sort keys %{ $doc->{json}{paths} }) {
    (my $real = $path) =~ s/\{slug\}/$slug/;
    $real =~ s/\{n\}/1/;
    for my $method (grep { $_ ne 'parameters' }
        sort keys %{ $doc->{json}{paths}{$path} })
    {
        my $r = request(uc $method, $real);
        isnt $r->{status}, 405, "$method $path is there";
        ok $r->{status} != 404 || $path eq '/metrics', "$method $path is found";
    }
}

done_testing;
