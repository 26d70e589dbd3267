#!/usr/bin/perl
# Draws that are refused for what the campaign is or allows: phase, stock,
# limits, codes. A key stays good after all of them.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Time::HiRes ();
use Kuji::Test;

sub refused {
    my ($name, $r, $status, $type) = @_;
    is $r->{status}, $status, "$name: $status";
    is $r->{json}{type}, "/problems/$type", "$name: $type";
    return;
}

my $now = int(Time::HiRes::time() * 1000);
my $later = campaign({ opens_at => $now + 3_600_000, closes_at => $now + 7_200_000 });
refused('before', draw($later), 409, 'not-open');

# Closing: a key from before still returns its draw.
my $early = campaign({});
my $drawn = draw($early, participant => 'p', key => 'k');
is $drawn->{status}, 201, 'open';
my $closed = request('POST', "/api/v1/campaigns/$early/close",
    token => 'first', json => { reason => 'early' });
is $closed->{status}, 200, 'closed early' or diag $closed->{content};
refused('after', draw($early), 409, 'closed');
my $retry = draw($early, participant => 'p', key => 'k');
is $retry->{status}, 200, 'a retry after the close';
is_deeply $retry->{json}{draws}, $drawn->{json}{draws}, 'has its draw';

# Pause.
my $paused = campaign({});
is request('POST', "/api/v1/campaigns/$paused/pause", token => 'first')
    ->{json}{paused}, 1, 'paused';
refused('paused', draw($paused), 409, 'not-open');
is request('POST', "/api/v1/campaigns/$paused/resume", token => 'first')
    ->{json}{paused}, 0, 'resumed';
is draw($paused)->{status}, 201, 'goes on';

# A box of three.
my $box = campaign({
    method => 'box', blanks => 1, prizes => [ { code => 'A', units => 2 } ] });
refused('four of three', draw($box, count => 4), 409, 'sold-out');
is draw($box, count => 2)->{status}, 201, 'two';
refused('two of one', draw($box, count => 2), 409, 'sold-out');
is draw($box)->{status}, 201, 'the last';
refused('empty', draw($box), 409, 'sold-out');
my $state = request('GET', "/api/v1/campaigns/$box", token => 'first')->{json};
is $state->{phase}, 'sold_out', 'its phase';
is $state->{prizes}[0]{left}, 0, 'nothing left';
is $state->{prizes}[0]{awarded}, 2, 'two awarded';

# Limits.
for my $case (
    [ draws                     => 'a', 'b' ],
    [ draws_per_day             => 'a', 'b' ],
    [ draws_per_participant     => 'a', 'a' ],
    [ draws_per_participant_day => 'a', 'a' ])
{
    my ($limit, $one, $two) = @$case;
    my $slug = campaign({ limits => { $limit => 2 } });
    refused("$limit: three", draw($slug, participant => $one, count => 3),
        409, 'limit-reached');
    my $r = draw($slug, participant => $one, count => 2, key => 'k');
    is $r->{status}, 201, "$limit: two";
    refused($limit, draw($slug, participant => $two), 409, 'limit-reached');
    like draw($slug, participant => $two)->{json}{detail}, qr/\b$limit\b/,
        "$limit: says which";
    is draw($slug, participant => $one, count => 2, key => 'k')->{status}, 200,
        "$limit: the key still returns its draws";
    next if $one ne $two;
    is draw($slug, participant => 'other')->{status}, 201,
        "$limit: others are free";
}

# One win a participant, everybody wins.
my $wins = campaign({
    method => 'box', limits => { wins_per_participant => 1 },
    prizes => [ { code => 'A', units => 5 } ] });
refused('count and wins', draw($wins, count => 2), 422, 'count-not-allowed');
is draw($wins, participant => 'w')->{status}, 201, 'a win';
refused('second win', draw($wins, participant => 'w'), 409, 'limit-reached');

# Codes.
my $gate = campaign({ gates => ['code'] });
my $made = request('POST', "/api/v1/campaigns/$gate/codes", token => 'first',
    json => { name => 'batch', count => 3, uses => 2 });
is $made->{status}, 201, 'codes' or diag $made->{content};
my @codes = @{ $made->{json}{codes} };
is @codes, 3, 'three of them';
refused('no code', draw($gate), 422, 'code-unknown');
refused('empty code', draw($gate, code => ''), 422, 'code-unknown');
refused('a code of nobody', draw($gate, code => 'ABCDEFGH'), 422,
    'code-unknown');
refused('no code at all', draw($gate, code => '!?'), 422, 'code-unknown');
refused('more than it is worth', draw($gate, code => $codes[0], count => 3),
    409, 'code-used');
my $typed = join '-', lc($codes[0]) =~ /.{1,4}/g;
my $used = draw($gate, code => " $typed ", participant => 'c', key => 'code');
is $used->{status}, 201, "as people type it: '$typed'";
is draw($gate, code => $codes[0], participant => 'c', key => 'code')->{status},
    200, 'typed otherwise, it is the same request';
is draw($gate, code => $codes[0])->{status}, 201, 'its second use';
refused('used up', draw($gate, code => $codes[0]), 409, 'code-used');
is draw($gate, code => $codes[0], participant => 'c', key => 'code')->{status},
    200, 'the key still returns its draw';

# A slip of the fingers has the same type, and says so; a guess does not.
my $slip = $codes[1] =~ s/^(.)/$1 eq 'A' ? 'B' : 'A'/er;
my $r = draw($gate, code => $slip, participant => 'slip');
refused('mistyped', $r, 422, 'code-unknown');
like $r->{json}{detail}, qr/mistyped/, 'its check symbol tells';
is draw($gate, code => $codes[1], participant => 'slip')->{status}, 201, 'put right';
my ($other) = @{ request('POST', '/api/v1/campaigns/' . campaign({ gates => ['code'] }) . '/codes',
        token => 'first', json => { name => 'other', count => 1 })->{json}{codes} };
$r = draw($gate, code => $other, participant => 'slip');
refused('of another campaign', $r, 422, 'code-unknown');
unlike $r->{json}{detail} // '', qr/mistyped/, 'which no symbol tells';

# Wrong codes: ten a participant, then a wait that tells nothing of the code;
# what a key has drawn is there all the same. Nobody else is held up.
is draw($gate, code => $codes[1], participant => 'guess', key => 'before')->{status}, 201, 'a draw';
is join(' ', map { draw($gate, code => $_ % 2 ? $slip : $codes[0], participant => 'guess')->{status} } 1 .. 12),
    '422 409 ' x 5 . '429 429', 'ten that are wrong or used, then no more';
my $late = draw($gate, code => $codes[2], participant => 'guess', key => 'late');
refused('not even the right one', $late, 429, 'rate-limited');
like $late->{headers}{'retry-after'}, qr/^(?:[1-9]|[12]\d|30)$/, 'says when';
is draw($gate, code => $codes[1], participant => 'guess', key => 'before')->{status}, 200,
    'the key still returns its draw';
is draw($gate, code => $codes[2], participant => 'neighbour')->{status}, 201, 'of the same program: not held up';
is draw($gate, participant => 'empty', key => "e$_")->{status}, 422, 'none at all is no guess' for 1 .. 12;

done_testing;
