#!/usr/bin/perl
# kujictl codes: what was printed draws, as often as it was said; the database
# knows no code by itself. Imports say what became of every line.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use JSON::PP ();
use Kuji::Ctl;
use Kuji::CtlCampaign qw(no_database);
use Kuji::Test qw(campaign draw sql unique);

my $slug  = campaign({ gates => ['code'] });
my $lines = "$ENV{KUJI_SCRATCH}/" . unique('codes');

# The campaign's batches: name, draws a code, size as noted and as counted.
sub batches {
    return join "\n", sql('SELECT b.name, b.uses, b.size, (SELECT count(*) FROM kuji.code k '
        . 'WHERE k.batch_id = b.id) FROM kuji.code_batch b JOIN kuji.campaign c '
        . "ON c.id = b.campaign_id WHERE c.slug = '$slug' ORDER BY b.id");
}

# ---- generate ----

my @codes = split /\n/, works('generate', qw(codes generate first), $slug, 3);
is scalar @codes, 3, 'as many as were asked for';
like $_, qr/^[0-9A-HJKMNP-TV-Z]{13}$/, "$_: twelve symbols and a check symbol" for @codes;
is batches(), 'kujictl|1|3|3', 'they are stored';
is sql("SELECT count(*) FROM kuji.code WHERE position('$codes[0]'::bytea IN digest) > 0"), 0,
    'but not as such';
is draw($slug, code => $codes[0])->{status}, 201, 'a code draws';
is draw($slug, code => $codes[0])->{status}, 409, 'once';
is draw($slug, code => lc $codes[1])->{status}, 201, 'so does another';

my $twice = works('generate', qw(codes generate first), $slug,
    qw(1 --symbols 8 --uses=2 --name), '店頭');
like $twice, qr/^[0-9A-HJKMNP-TV-Z]{9}$/, 'eight symbols and one';
like batches(), qr/^店頭\|2\|1\|1$/m, 'its batch';
is join(' ', map { draw($slug, code => $twice)->{status} } 1 .. 3), '201 201 409', 'two draws';

my %many = map { $_ => 1 } split /\n/, works('many', qw(codes generate first), $slug,
    qw(10001 --name many));
is scalar keys %many, 10_001, 'more than go at once, all different';
like batches(), qr/^many\|1\|10001\|10001$/m, 'their batch';

my $before = batches();
for my $case (
    [ 'no number',     2, qr/COUNT must be/,       $slug, 'few' ],
    [ 'none',          2, qr/COUNT must be/,       $slug, 0 ],
    [ 'too short',     2, qr/--symbols must be/,   $slug, qw(1 --symbols 7) ],
    [ 'too long',      2, qr/--symbols must be/,   $slug, qw(1 --symbols 33) ],
    [ 'no use',        2, qr/--uses must be/,      $slug, qw(1 --uses 0) ],
    [ 'too much use',  1, qr/uses must be/,        $slug, qw(1 --uses 1000001) ],
    [ 'no name',       1, qr/name must be/,        $slug, qw(1 --name), '' ],
    [ 'no campaign',   1, qr/no such campaign/,    'none', 1 ])
{
    my ($name, $status, $why, @words) = @$case;
    refused($name, $status, $why, qw(codes generate first), @words);
}
refused("another's campaign", 1, qr/no such campaign/, qw(codes generate second), $slug, 1);
is batches(), $before, 'no batch was made';
SKIP: {
    skip 'no /dev/full', 2 unless -c '/dev/full';
    my $said = qx(kujictl codes generate first $slug 2 --name lost 2>&1 >/dev/full);
    is $? >> 8, 1, 'an output that takes nothing: exit 1';
    like $said, qr/\Akujictl: not all codes were made or written[^\n]*\n\z/, 'says so';
}

# ---- import ----

sub import_lines {
    my ($text, @words) = @_;
    my $said = works('import', [ put($lines, $text) ], qw(codes import first), $slug, @words);
    my $counts = JSON::PP->new->decode($said);
    return join ' ', map { $counts->{$_} } qw(stored duplicate malformed);
}

is import_lines("SUMMER-2026\r\nsummer 2026\n\nWINTER2026\n$codes[0]\nあ\nAUTUMN-2026",
    qw(--name own --uses 2)), '3 2 1', 'new, known, malformed';
like batches(), qr/^own\|2\|3\|3$/m, 'their batch';
is join(' ', map { draw($slug, code => 'Autumn2026')->{status} } 1 .. 3), '201 201 409',
    'they draw';
is import_lines("SPRING2026\n" . 'X' x 3000 . "\n"), '1 0 1', 'a long line is one line';
is import_lines("CODE1\0CODE2\n"), '0 0 1', 'a zero byte is no end';
is import_lines(''), '0 0 0', 'no line';

$before = batches();
for my $case (
    [ 'no use',       2, qr/--uses must be/,   $slug, qw(--uses 0) ],
    [ 'no name',      1, qr/name must be/,     $slug, '--name=' ],
    [ 'no campaign',  1, qr/no such campaign/, 'none' ],
    [ 'another word', 2, qr/too many/,         $slug, $lines ])
{
    my ($name, $status, $why, @words) = @$case;
    refused("import, $name", $status, $why, [$lines], qw(codes import first), @words);
}
is batches(), $before, 'no batch was made';
refused('a directory', 1, qr/cannot be read/, [ $ENV{KUJI_SCRATCH} ], qw(codes import first), $slug);

works('close', qw(campaign close first), $slug, qw(--reason early));
refused('generate after the close', 1, qr/closed/, qw(codes generate first), $slug, 1);
refused('import after the close', 1, qr/closed/, [$lines], qw(codes import first), $slug);

unlink $lines;
no_database('codes', @$_) for ['generate', 'first', $slug, 1], ['import', 'first', $slug];
everything_tried('codes ');
done_testing;
