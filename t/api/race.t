#!/usr/bin/perl
# Many at once: one key, a box until it is empty, few codes, one left. What is
# true afterwards is read from the database and the ledger, never from what
# the clients counted alone.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use HTTP::Tiny ();
use Kuji::Test;

# "busy" means try again with the same key: as a program would.
sub insist {
    my ($slug, %o) = @_;
    my $key = $o{key} // unique('race');
    for (1 .. 400) {
        my $r = draw($slug, %o, key => $key);
        return $r if $r->{status} != 503;
        select undef, undef, undef, 0.02 + rand 0.05;
    }
    die 'busy for good';
}

sub rows {
    my ($what, $slug) = @_;
    return scalar sql("SELECT $what FROM kuji.draw d
        JOIN kuji.campaign c ON c.id = d.campaign_id WHERE c.slug = '$slug'");
}

# 200 requests with one key.
my $odds = campaign({});
my @same = parallel(200, sub {
    my $r = insist($odds, participant => 'p', key => 'one');
    return join ' ', $r->{status}, map { $_->{n} } @{ $r->{json}{draws} // [] };
});
my %same;
$same{$_}++ for @same;
is_deeply [ sort keys %same ], [ '200 1', '201 1' ], 'all have draw 1'
    or diag explain \%same;
is $same{'201 1'}, 1, 'one of them made it';
is rows('count(*)', $odds), 1, 'and it is the only one';

# 64 clients empty a box of 1,500.
my ($units, $blanks) = (500, 1000);
my $box = campaign({
    method => 'box', blanks => $blanks,
    prizes => [ { code => 'A', units => 100 }, { code => 'B', units => 400 } ],
});
my @counts = parallel(64, sub {
    my $agent = HTTP::Tiny->new(keep_alive => 1, timeout => 60);
    my %count = (A => 0, B => 0, blank => 0);
    while (1) {
        my $r = insist($box, agent => $agent);
        if ($r->{status} == 201) {
            my $d = $r->{json}{draws}[0];
            $count{ $d->{prize} ? $d->{prize}{code} : 'blank' }++;
        }
        else {
            return join ' ', $r->{json}{type}, @count{qw(A B blank)};
        }
    }
});
my %sum = (A => 0, B => 0, blank => 0);
for my $line (@counts) {
    my ($type, @c) = split / /, $line;
    is $type, '/problems/sold-out', 'the client saw it empty'
        if $type ne '/problems/sold-out';
    $sum{A} += $c[0], $sum{B} += $c[1], $sum{blank} += $c[2];
}
is_deeply \%sum, { A => 100, B => 400, blank => $blanks }, 'exactly what was in it';
is rows('count(*)', $box), $units + $blanks, 'as many draws';
is rows('min(n) || \' \' || max(n) || \' \' || count(DISTINCT n)', $box),
    '1 1500 1500', 'n gapless';
is rows('count(*)', $box), scalar(
    my @lines = grep { /"kind":"draw"/ } split /\n/,
    request('GET', "/k/$box/ledger.jsonl")->{content}), 'and in the ledger';
is scalar(grep { /"prize":"A"/ } @lines), 100, 'A in the ledger';
my $state = request('GET', "/api/v1/campaigns/$box", token => 'first')->{json};
is $state->{blanks_left}, 0, 'no blank left';
is_deeply [ map { "$_->{code} $_->{awarded} $_->{left}" } @{ $state->{prizes} } ],
    [ 'A 100 0', 'B 400 0' ], 'all awarded';

# 200 clients race for 50 codes, each code offered four times.
my $gate  = campaign({ gates => ['code'] });
my @codes = @{ request('POST', "/api/v1/campaigns/$gate/codes",
    token => 'first', json => { name => 'race', count => 50 })->{json}{codes} };
my %with = (codes => 0);
for my $line (parallel(200, sub {
    my $r = insist($gate, code => $codes[ $_[0] % 50 ]);
    return $r->{status} . ' ' . ($r->{json}{type} // '');
})) {
    $with{$line}++;
}
is_deeply \%with, { codes => 0, '201 ' => 50, '409 /problems/code-used' => 150 },
    'fifty codes, fifty draws';
is rows('count(*) || \' \' || count(DISTINCT d.code)', $gate), '50 50',
    'one for each code';

# 200 clients race for the one draw that a limit allows; and each with its own
# participant for a campaign of 20.
for my $case ([ draws_per_participant => 1, sub { 'same' } ],
    [ draws => 20, sub { "p$_[0]" } ])
{
    my ($limit, $allowed, $who) = @$case;
    my $slug = campaign({ limits => { $limit => $allowed } });
    my %seen;
    $seen{$_}++ for parallel(200, sub {
        my $r = insist($slug, participant => $who->($_[0]));
        return $r->{status} . ' ' . ($r->{json}{type} // '');
    });
    is_deeply \%seen, { '201 ' => $allowed,
        '409 /problems/limit-reached' => 200 - $allowed }, "$limit $allowed";
    is rows('count(*)', $slug), $allowed, "$limit: as many draws";
}

# The ledgers replay; what is not closed is checked as far as it goes.
is request('POST', "/api/v1/campaigns/$_/close", token => 'first',
    json => { reason => 'early' })->{status}, 200, "$_ closed" for $box, $gate;
for my $slug ($box, $gate, $odds) {
    my $output = qx(kuji-verify @{[ site_url('first') ]}/k/$slug 2>&1);
    is $?, 0, "kuji-verify $slug" or diag $output;
}

done_testing;
