#!/usr/bin/perl
# Stock, void, close, raffle, substitute, codes: each answers with its leaf,
# and the ledger holds it.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use JSON::PP ();
use Time::HiRes ();
use Kuji::Test;

sub act {
    my ($slug, $action, $json) = @_;
    return request('POST', "/api/v1/campaigns/$slug/$action",
        token => 'first', json => $json);
}

sub leaf {
    my ($name, $r, $kind) = @_;
    is $r->{status}, 200, "$name: done" or diag $r->{content};
    my $leaf = JSON::PP->new->utf8->decode($r->{json}{leaf} // '{}');
    is $leaf->{kind}, $kind, "$name: $kind";
    is $leaf->{i}, $r->{json}{index}, "$name: index";
    my $line = request('GET', sprintf '/k/%s/ledger.jsonl?from=%d&to=%d',
        $r->{json}{campaign}, $leaf->{i}, $leaf->{i} + 1)->{content};
    is $line, "$r->{json}{leaf}\n", "$name: in the ledger";
    return $leaf;
}

sub prize {
    my ($slug) = @_;
    return request('GET', "/api/v1/campaigns/$slug", token => 'first')
        ->{json}{prizes}[0];
}

# A box of prizes only.
my $box = campaign({ method => 'box', prizes => [ { code => 'A', units => 2 } ] });
is draw($box, count => 2)->{status}, 201, 'all drawn';
my $stock = leaf('stock', act($box, 'stock', { prize => 'A', units => 3 }),
    'stock');
is $stock->{units}, 3, 'three more';
is $stock->{reason}, 'added', 'reason';
like $stock->{by}, qr/^token-\d+$/, 'by an opaque id';
is prize($box)->{planned}, 5, 'planned';
is draw($box)->{status}, 201, 'drawing goes on';
is act($box, 'stock', { prize => 'B', units => 1 })->{status}, 404,
    'no such prize';
is act($box, 'stock', { prize => 'A', units => 0 })->{status}, 400, 'no units';
is act($box, 'stock', { prize => 'A', units => 1, x => 1 })->{status}, 400,
    'unknown field';
is act($box, 'stock', { prize => 'A', units => 1, reason => 'whim' })
    ->{status}, 400, 'unknown reason';

my $void = leaf('void', act($box, 'void', { n => 1,
        returned => JSON::PP::true, reason => 'declined', note => '電話で辞退' }),
    'void');
ok $void->{returned}, 'returned';
ok !exists $void->{note}, 'the note stays private';
is prize($box)->{awarded}, 2, 'one less awarded';
is act($box, 'void', { n => 1, returned => JSON::PP::false,
        reason => 'error' })->{status}, 409, 'only once';
is act($box, 'void', { n => 99, returned => JSON::PP::false,
        reason => 'error' })->{status}, 404, 'nobody';
is act($box, 'void', { n => 0, returned => JSON::PP::false,
        reason => 'error' })->{status}, 400, 'no n';
is act($box, 'void', { n => 2, returned => 1, reason => 'error' })->{status},
    400, 'returned is a boolean';

my $one = request('GET', "/api/v1/campaigns/$box/draws/1", token => 'first');
is $one->{status}, 200, 'one draw' or diag $one->{content};
is_deeply [ sort keys %{ $one->{json} } ],
    [qw(campaign checkpoint claim n outcome prize receipt t void won)],
    'its fields';
ok $one->{json}{void}, 'void';
is $one->{json}{outcome}, 'prize', 'its outcome stays';
is request('GET', "/api/v1/campaigns/$box/draws/2", token => 'first')
    ->{json}{void}, 0, 'the other is not';
is request('GET', "/api/v1/campaigns/$box/draws/$_", token => 'first')
    ->{status}, 404, "draws/$_" for 0, '01', 99, 'x', '9' x 17;

is act($box, 'close', {})->{status}, 409, 'too early without a reason';
is act($box, 'close', { reason => 'late' })->{status}, 400, 'no such reason';
my $close = leaf('close', act($box, 'close', { reason => 'early' }), 'close');
is $close->{awarded}{A}, 2, 'awarded';
like $close->{seed}, qr/^[0-9a-f]{64}$/, 'the seed';
is act($box, 'close', { reason => 'early' })->{status}, 409, 'once';
is act($box, 'stock', { prize => 'A', units => 1 })->{status}, 409,
    'nothing comes behind it';

# A raffle that closes in two seconds.
my $now    = int(Time::HiRes::time() * 1000);
my $raffle = campaign({
    method    => 'raffle', alternates => 2,
    opens_at  => $now - 1000, closes_at => $now + 4000,
    prizes    => [ { code => 'A', units => 1 } ],
});
is draw($raffle, participant => "p$_")->{json}{draws}[0]{outcome}, 'entry',
    "entry $_" for 1 .. 4;
is act($raffle, 'raffle', {})->{status}, 409, 'not before the close';
Time::HiRes::sleep(0.1) while Time::HiRes::time() * 1000 < $now + 4300;
refused_closed();
is act($raffle, 'raffle', { beacon => { randomness => '0' x 64,
            signature => '00' } })->{status}, 400, 'no beacon was promised';
is act($raffle, 'raffle', { beacon => 'x' })->{status}, 400, 'no beacon';
my $picked = leaf('raffle', act($raffle, 'raffle', { beacon => undef }),
    'raffle');
is @{ $picked->{winners} }, 1, 'one winner';
is @{ $picked->{alternates} }, 2, 'two alternates';
is act($raffle, 'raffle', {})->{status}, 409, 'once';

my $winner = $picked->{winners}[0]{n};
is request('GET', "/api/v1/campaigns/$raffle/draws/$winner", token => 'first')
    ->{json}{won}{code}, 'A', 'the winner has won';
my $second = act($raffle, 'substitute', { n => $winner, reason => 'unreachable' });
my $substitute = leaf('substitute', $second, 'substitute');
is $substitute->{n}, $picked->{alternates}[0], 'the first alternate';
is $second->{json}{n}, $substitute->{n}, 'is named';
is act($raffle, 'substitute', { n => $winner, reason => 'unreachable' })
    ->{status}, 409, 'nobody twice';
is act($raffle, 'close', {})->{status}, 200, 'closed in time needs no reason';

# Codes of the organiser's own.
my $gate = campaign({ gates => ['code'] });
my $own  = act($gate, 'codes', { name => 'own',
        codes => [ 'SUMMER-2026', 'summer 2026', 'あ', 'WINTER2026' ] });
is $own->{status}, 201, 'taken' or diag $own->{content};
is $own->{json}{stored},    2, 'two stored';
is $own->{json}{duplicate}, 1, 'one was there';
is $own->{json}{malformed}, 1, 'one is no code';
is_deeply $own->{json}{codes}, [], 'not told again';
my $again = act($gate, 'codes', { name => 'again', codes => [ 'winter-2026', 'あ' ] });
is $again->{status}, 200, 'nothing new: nothing was made';
is_deeply [ @{ $again->{json} }{qw(batch stored duplicate malformed)} ], [ undef, 0, 1, 1 ], 'no batch';
is draw($gate, code => 'Summer2026')->{status}, 201, 'it draws';
is act($gate, 'codes', { name => 'x', %$_ })->{status}, 400,
    'refused: ' . JSON::PP->new->canonical->encode($_)
    for {}, { count => 1, codes => ['A'] }, { count => 0 }, { count => 10001 },
    { count => 1, symbols => 7 }, { codes => [1] }, { codes => 'A' };

sub refused_closed {
    is draw($raffle)->{json}{type}, '/problems/closed', 'the entries are in';
    return;
}

done_testing;
