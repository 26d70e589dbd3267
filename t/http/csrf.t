#!/usr/bin/perl
# State changes come from our own pages or from no browser at all.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Kuji::Test;

my $slug = campaign({});
my $self = site_url('first');
my ($host) = $self =~ m{//(.+)};

for my $case (
    # headers                                      let in
    [ 'no browser',           {},                                        1 ],
    [ 'same origin',          { 'Sec-Fetch-Site' => 'same-origin' },     1 ],
    [ 'by hand',              { 'Sec-Fetch-Site' => 'none' },            1 ],
    [ 'another site',         { 'Sec-Fetch-Site' => 'cross-site' },      0 ],
    [ 'another host of it',   { 'Sec-Fetch-Site' => 'same-site' },       0 ],
    [ 'nonsense',             { 'Sec-Fetch-Site' => 'x' },               0 ],
    [ 'its own Origin',       { Origin => $self },                       1 ],
    [ 'by https at a proxy',  { Origin => "https://$host" },             1 ],
    [ 'another Origin',       { Origin => 'https://evil.example' },      0 ],
    [ 'another port',         { Origin => 'http://localhost:1' },        0 ],
    [ 'a longer host',        { Origin => "$self.evil.example" },        0 ],
    [ 'null',                 { Origin => 'null' },                      0 ],
    [ 'both, the first says', { 'Sec-Fetch-Site' => 'cross-site',
                                Origin => $self },                       0 ])
{
    my ($name, $headers, $may) = @$case;
    my $key = unique('csrf');
    my $r = request('POST', "/api/v1/campaigns/$slug/draws", token => 'first',
        json    => { participant => 'p' },
        headers => { %$headers, 'Idempotency-Key' => $key });
    is $r->{status}, $may ? 201 : 403, "$name: " . ($may ? 'in' : 'out');
    is $r->{json}{type}, '/problems/forbidden', "$name: forbidden" unless $may;
    is request('GET', "/k/$slug/key", headers => $headers)->{status}, 200,
        "$name: reading is free";
}

done_testing;
