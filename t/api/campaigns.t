#!/usr/bin/perl
# Campaigns over the API: draft, change, publish, state.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use JSON::PP ();
use Kuji::Campaign qw(config_of);
use Kuji::Test;

sub api {
    my ($method, $path, @o) = @_;
    return request($method, "/api/v1/campaigns$path", token => 'first', @o);
}

my $slug   = unique('made');
my $config = config_of({ title => 'くじ引き大会' }, $slug);
my $made   = api('POST', '', json => $config);
is $made->{status}, 201, 'created' or diag $made->{content};
is $made->{headers}{location}, "/api/v1/campaigns/$slug", 'Location';
like $made->{json}{uuid}, qr/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/,
    'uuid';
is api('POST', '', json => $config)->{status}, 409, 'the slug is taken';

my $state = api('GET', "/$slug");
is $state->{status}, 200, 'its authors see a draft';
is $state->{json}{phase}, 'draft', 'phase';
is $state->{json}{title}, 'くじ引き大会', 'title';
my $reader = ctl('token', 'create', 'first', unique('r'), '--scopes', 'read');
is request('GET', "/api/v1/campaigns/$slug", token => $reader)->{status}, 404,
    'others do not';
is draw($slug)->{status}, 404, 'nor can it be drawn from';
is request('GET', "/k/$slug/manifest.json")->{status}, 404, 'nor has it a ledger';

# Changes.
my $version = $state->{json}{version};
my $patched = api('PATCH', "/$slug",
    json    => { title => '秋のくじ引き' },
    headers => { 'If-Match' => qq("$version") });
is $patched->{status}, 200, 'patched' or diag $patched->{content};
is $patched->{json}{version}, $version + 1, 'a new version';
is api('GET', "/$slug")->{json}{title}, '秋のくじ引き', 'a new title';
is api('PATCH', "/$slug", json => { title => 'x' },
    headers => { 'If-Match' => qq("$version") })->{status}, 409,
    'somebody else was faster';
is api('PATCH', "/$slug", json => { title => 'y' },
    headers => { 'If-Match' => 'nonsense' })->{status}, 409, 'no version';
is api('PATCH', "/$slug", json => { title => 'z' },
    headers => { 'Content-Type' => 'application/merge-patch+json' })->{status},
    200, 'merge-patch+json, whatever the version';
is api('PATCH', "/$slug", json => { method => 'lottery' })->{status}, 400,
    'a wrong change';
is api('GET', "/$slug")->{json}{title}, 'z', 'changes nothing';

# What is wrong with a CONFIG is said.
for my $case (
    [ 'slug'   => { slug      => 'No Slug' } ],
    [ 'method' => { method    => 'dice' } ],
    [ 'period' => { closes_at => $config->{opens_at} } ],
    [ 'prizes' => { prizes    => {} } ],
    [ 'claim'  => { claim_fields => ['shoe size'] } ],
    [ 'extra'  => { colour    => 'red' } ])
{
    my $r = api('POST', '', json =>
        { %$config, slug => unique('bad'), %{ $case->[1] } });
    is $r->{status}, 400, "$case->[0]: refused";
    like $r->{json}{detail}, qr/\w+/, "$case->[0]: says why";
}
is api('POST', '', json => { %$config, slug => unique('tz'),
        timezone => 'Mars/Olympus' })->{status}, 400, 'no such time zone';

# Publishing.
my $published = api('POST', "/$slug/publish");
is $published->{status}, 200, 'published' or diag $published->{content};
my $manifest = JSON::PP->new->decode($published->{json}{manifest});
is $manifest->{version}, 'kuji-manifest/1', 'the manifest';
is $manifest->{slug}, $slug, 'its slug';
sleep 3;    # another child may remember for two seconds that there was none
is request('GET', "/k/$slug/manifest.json")->{json}{commitment},
    $manifest->{commitment}, 'the same in public';
is api('POST', "/$slug/publish")->{status}, 409, 'once';
is api('PATCH', "/$slug", json => { title => 'late' })->{status}, 409,
    'fixed from now on';
is draw($slug)->{status}, 201, 'open';

my $seen = request('GET', "/api/v1/campaigns/$slug", token => $reader)->{json};
is $seen->{phase}, 'open', 'its phase';
is $seen->{draws}, 1, 'draws';
is $seen->{leaves}, 2, 'leaves';
my $prize = $seen->{prizes}[0];
is_deeply [ sort keys %$prize ], [qw(awarded code kind left name planned)],
    'a prize';
is $prize->{awarded} + $prize->{left}, $prize->{planned}, 'the sum holds';

my ($listed) = grep { $_->{slug} eq $slug }
    @{ request('GET', '/api/v1/campaigns', token => $reader)
        ->{json}{campaigns} };
is $listed->{phase}, 'open', 'in the list';

is api('GET', '/no-such')->{status}, 404, 'unknown';
is api('POST', "/no-such/$_")->{status}, 404, "unknown: $_"
    for qw(publish pause resume);
is api('POST', "/$slug/close", body => 'x')->{status}, 400, 'no JSON';

done_testing;
