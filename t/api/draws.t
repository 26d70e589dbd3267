#!/usr/bin/perl
# POST /api/v1/campaigns/{slug}/draws: what a program gets, and gets again.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use JSON::PP ();
use Kuji::Test;

my $box = campaign({
    method => 'box',
    blanks => 1000,
    prizes => [ { code => 'A', name => qq{賞"A"\\}, units => 1000 } ],
});

my $first = draw($box, participant => 'p1', key => 'k1');
is $first->{status}, 201, 'drawn';
like $first->{headers}{'content-type'}, qr{^application/json}, 'as JSON';
is $first->{headers}{'cache-control'}, 'no-store', 'nobody keeps it';
is $first->{headers}{'content-length'}, length $first->{content}, 'length';
is_deeply [ sort keys %{ $first->{json} } ], [qw(campaign checkpoint draws)],
    'its fields';
is $first->{json}{campaign}, $box, 'campaign';
is scalar @{ $first->{json}{draws} }, 1, 'one draw';

my $draw = $first->{json}{draws}[0];
is_deeply [ sort keys %$draw ], [qw(n outcome prize receipt t)], 'a draw';
is $draw->{n}, 1, 'n begins with 1';
like $draw->{t}, qr/^\d{13}$/, 't in milliseconds';
like $draw->{outcome}, qr/^(?:prize|blank)$/, 'outcome';
is_deeply [ sort keys %{ $draw->{receipt} } ], [qw(index leaf salt)], 'receipt';
is $draw->{receipt}{index}, 1, 'leaf 0 is the manifest';
like $draw->{receipt}{salt}, qr/^[0-9a-f]{32}$/, 'salt';

my $leaf = JSON::PP->new->utf8->decode($draw->{receipt}{leaf});
is_deeply [ sort keys %$leaf ], [qw(i kind n prize t who)], 'leaf';
is $leaf->{n}, 1, 'leaf: n';
is $leaf->{t}, $draw->{t}, 'leaf: t';
is $leaf->{prize}, $draw->{prize} ? $draw->{prize}{code} : undef, 'leaf: prize';

my @note = split /\n/, $first->{json}{checkpoint};
like $note[0], qr{/k/\Q$box\E$}, 'checkpoint: origin';
cmp_ok $note[1], '>', 1, 'checkpoint: larger than the index';

# The same key.
my $again = draw($box, participant => 'p1', key => 'k1');
is $again->{status}, 200, 'the same key and body: 200';
is_deeply $again->{json}{draws}, $first->{json}{draws}, 'and the same draw';
for my $other (
    [ participant => 'p2' ],
    [ participant => 'p1', count => 2 ],
    [ participant => 'p1', code => 'ABC' ])
{
    my $r = draw($box, @$other, key => 'k1');
    is $r->{status}, 422, "the same key, @$other";
    is $r->{json}{type}, '/problems/key-reused', 'problem';
}
is draw($box, participant => 'p1', key => 'k1', count => 1)->{status}, 200,
    'count 1 said or unsaid is the same body';

# Names with quotes survive; both outcomes happen in forty draws of one in two.
my %seen;
for (1 .. 40) {
    my $d = draw($box)->{json}{draws}[0];
    $seen{ $d->{outcome} } = $d->{prize};
    last if keys %seen == 2;
}
is_deeply $seen{prize}, { code => 'A', name => qq{賞"A"\\} }, 'a prize'
    or diag explain \%seen;
ok exists $seen{blank} && !defined $seen{blank}, 'a blank';

# count: all of one transaction, one after another.
my $many = draw($box, participant => 'p3', key => 'many', count => 100);
is $many->{status}, 201, 'a hundred at once';
my @n = map { $_->{n} } @{ $many->{json}{draws} };
is_deeply \@n, [ $n[0] .. $n[0] + 99 ], 'gapless';
my %t = map { $_->{t} => 1 } @{ $many->{json}{draws} };
is keys %t, 1, 'one time';
is_deeply draw($box, participant => 'p3', key => 'many', count => 100)
    ->{json}{draws}, $many->{json}{draws}, 'and again';

# What is refused, and leaves nothing behind.
my $path = "/api/v1/campaigns/$box/draws";

sub refused {
    my ($name, $status, $type, %o) = @_;
    my $r = request('POST', $path, token => 'first', %o);
    is $r->{status}, $status, "$name: $status";
    is $r->{json}{type}, "/problems/$type", "$name: $type";
    is $r->{json}{status}, $status, "$name: status in the body";
    like $r->{headers}{'content-type'}, qr{^application/problem\+json},
        "$name: problem+json";
    return;
}

my $before = sql("SELECT count(*) FROM kuji.draw d JOIN kuji.campaign c
    ON c.id = d.campaign_id WHERE c.slug = '$box'");
my %key = (headers => { 'Idempotency-Key' => 'refused' });
for my $case (
    [ 'no participant',    {} ],
    [ 'empty participant', { participant => '' } ],
    [ 'long participant',  { participant => 'x' x 129 } ],
    [ 'long in bytes',     { participant => "\x{3042}" x 43 } ],
    [ 'a number',          { participant => 1 } ],
    [ 'null',              { participant => undef } ],
    [ 'unknown field',     { participant => 'p', cuont => 2 } ],
    [ 'count 0',           { participant => 'p', count => 0 } ],
    [ 'count 101',         { participant => 'p', count => 101 } ],
    [ 'count text',        { participant => 'p', count => '2' } ],
    [ 'count real',        { participant => 'p', count => 1.5 } ],
    [ 'code number',       { participant => 'p', code => 1 } ],
    [ 'code too long',     { participant => 'p', code => 'x' x 257 } ],
    [ 'an array',          ['p'] ])
{
    refused($case->[0], 400, 'bad-request', json => $case->[1], %key);
}
for my $case (
    [ 'no JSON',         'participant=p' ],
    [ 'empty',           '' ],
    [ 'cut off',         '{"participant":"p"' ],
    [ 'two objects',     '{"participant":"p"}{}' ],
    [ 'a name twice',    '{"participant":"p","participant":"q"}' ],
    [ 'a zero',          '{"participant":"p\u0000"}' ],
    [ 'invalid UTF-8',   qq({"participant":"\xff"}) ],
    [ 'half a pair',     '{"participant":"\ud800"}' ],
    [ 'deep',            '{"participant":' . '[' x 3000 ])
{
    my %headers = (%{ $key{headers} }, 'Content-Type' => 'application/json');
    refused($case->[0], 400, 'bad-request', body => $case->[1],
        headers => \%headers);
}
refused('another type', 400, 'bad-request', body => '{"participant":"p"}',
    headers => { %{ $key{headers} }, 'Content-Type' => 'text/plain' });
refused('a large body', 413, 'too-large',
    json => { participant => 'p', code => 'x' x 5000 }, %key);
for my $bad ('', ' ', 'a b', 'x' x 65) {
    refused("key '$bad'", 400, 'bad-request', json => { participant => 'p' },
        headers => { 'Idempotency-Key' => $bad });
}
refused('no key', 400, 'bad-request', json => { participant => 'p' });
is sql("SELECT count(*) FROM kuji.draw d JOIN kuji.campaign c
    ON c.id = d.campaign_id WHERE c.slug = '$box'"), $before, 'nothing drawn';

is draw($box, participant => 'x' x 128, key => '!' . '~' x 63)->{status}, 201,
    'the longest participant and key';
is draw($box, participant => "\x{3042}" x 42)->{status}, 201, 'in Japanese';

done_testing;
