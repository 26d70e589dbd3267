#!/usr/bin/perl
# Many at once: one key, a box until it is empty, few codes, one left. What is
# true afterwards is read from the database and the ledger, never from what
# the clients counted alone.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Kuji::Test;
use Kuji::Volley qw(draws);

# Two processes that want one campaign's row: one of them comes back later.
expect_log('KJ0401: SQLSTATE 55P03: canceling statement due to lock timeout');

sub rows {
    my ($what, $slug) = @_;
    return scalar sql("SELECT $what FROM kuji.draw d
        JOIN kuji.campaign c ON c.id = d.campaign_id WHERE c.slug = '$slug'");
}

# How often each "status problem" came.
sub tally {
    my %count;
    $count{ join ' ', $_->{status}, $_->{json}{type} // '' }++ for @_;
    return \%count;
}

# 200 requests with one key.
my $odds = campaign({});
my @same = draws($odds, map { { participant => 'p', key => 'one' } } 1 .. 200);
is_deeply tally(@same), { '201 ' => 1, '200 ' => 199 }, 'one of them made it';
my %n = map { $_->{n} => 1 } map { @{ $_->{json}{draws} } } @same;
is_deeply [ keys %n ], [1], 'all have draw 1';
is rows('count(*)', $odds), 1, 'and it is the only one';

# 64 clients empty a box of 600.
my $box = campaign({
    method => 'box', blanks => 400,
    prizes => [ { code => 'A', units => 40 }, { code => 'B', units => 160 } ],
});
my (%sum, $soldout);
for (1 .. 100) {
    my @round = draws($box, map { {} } 1 .. 64);
    $sum{ $_->{prize} ? $_->{prize}{code} : 'blank' }++
        for map { @{ $_->{json}{draws} // [] } } @round;
    $soldout = grep { ($_->{json}{type} // '') eq '/problems/sold-out' } @round;
    last if $soldout == 64;
}
is $soldout, 64, 'all see it empty';
is_deeply \%sum, { A => 40, B => 160, blank => 400 },
    'exactly what was in it';
is rows(q{min(n) || ' ' || max(n) || ' ' || count(DISTINCT n)}, $box),
    '1 600 600', 'n gapless';
my @lines = grep { /"kind":"draw"/ } split /\n/,
    request('GET', "/k/$box/ledger.jsonl")->{content};
is scalar @lines, 600, 'and in the ledger';
is scalar(grep { /"prize":"A"/ } @lines), 40, 'A in the ledger';
my $state = request('GET', "/api/v1/campaigns/$box", token => 'first')->{json};
is $state->{blanks_left}, 0, 'no blank left';
is_deeply
    [ map { "$_->{code} $_->{awarded} $_->{left}" } @{ $state->{prizes} } ],
    [ 'A 40 0', 'B 160 0' ], 'all awarded';

# 200 clients race for 50 codes, each code offered four times.
my $gate = campaign({ gates => ['code'] });
my $made = request('POST', "/api/v1/campaigns/$gate/codes", token => 'first',
    json => { name => 'race', count => 50 });
my @codes = @{ $made->{json}{codes} };
is_deeply tally(draws($gate, map { { code => $codes[ $_ % 50 ] } } 0 .. 199)),
    { '201 ' => 50, '409 /problems/code-used' => 150 },
    'fifty codes, fifty draws';
is rows(q{count(*) || ' ' || count(DISTINCT d.code)}, $gate), '50 50',
    'one for each code';

# 200 clients race for the one draw that a limit leaves; and, each by itself,
# for a campaign's twenty.
for my $case ([ draws_per_participant => 1, 'same' ], [ draws => 20 ]) {
    my ($limit, $allowed, $who) = @$case;
    my $slug = campaign({ limits => { $limit => $allowed } });
    is_deeply tally(draws($slug, map { { participant => $who } } 1 .. 200)),
        { '201 ' => $allowed,
          '409 /problems/limit-reached' => 200 - $allowed },
        "$limit $allowed";
    is rows('count(*)', $slug), $allowed, "$limit: as many draws";
}

# The ledgers replay, the closed ones to the last unit.
is request('POST', "/api/v1/campaigns/$_/close", token => 'first',
    json => { reason => 'early' })->{status}, 200, "$_ closed" for $box, $gate;
for my $slug ($box, $gate, $odds) {
    my $output = qx(kuji-verify @{[ site_url('first') ]}/k/$slug 2>&1);
    is $?, 0, "kuji-verify $slug" or diag $output;
}

done_testing;
