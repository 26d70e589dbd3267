#!/usr/bin/perl
# kuji-verify on files: good campaigns, spoilt ones, and wrong usage.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Kuji::Vectors;
use JSON::PP ();

my @campaigns = @{ vectors('kuji1.json')->{campaigns} };
my $first     = $campaigns[0];
my $other     = $campaigns[1];

sub holds {
    my ($name, @arguments) = @_;
    my ($status, $output, $error) = verify(@arguments);
    is "$status$error", '0', $name;
    return $output;
}

sub differs {
    my ($name, $why, @arguments) = @_;
    my ($status, undef, $error) = verify(@arguments);
    is $status, 1, "$name: differs";
    like $error, qr/^DIFFERS: .*$why/, "$name: says why";
}

for my $campaign (@campaigns) {
    my $dir = campaign_dir($campaign);
    my ($slug) = $campaign->{manifest} =~ /"slug":"([^"]+)"/;
    holds("$slug holds", '-q', $dir);
}

my $dir    = campaign_dir($first);
my $output = holds('a directory', $dir);
like $output, qr/^leaves +533, closed$/m,                        'leaves';
like $output, qr/^draws +500, \d+ void$/m,                       'draws';
like $output, qr/^root +$first->{root}$/m,                       'root';
like $output, qr/^B +40 +\d+ +16 +\d+$/m,                        'a prize';
like $output, qr/^seed +revealed/m,                              'seed';
like $output, qr{^checkpoint 533 leaves, signed by kuji\.ex}m,   'checkpoint';
unlike $output, qr/[^\x20-\x7E\n\x80-\xFF]/, 'no control characters';

my @named = ('--manifest', "$dir/manifest.json", '--ledger',
    "$dir/ledger.jsonl");
holds('files by name', '-q', @named);
holds('a key by itself', '-q', @named, '--checkpoint', "$dir/checkpoint",
    '--key', $first->{vkey});

# Before the close.
my @running = @{ $first->{leaves} }[ 0 .. 300 ];
$output = holds('a running campaign',
    campaign_dir($first, leaves => \@running, checkpoint => $first->{old}));
like $output, qr/^seed +not revealed yet/m, 'its seed is not known';

# Checkpoints.
my $old = put_file("$dir/old", $first->{old});
$output = holds('an old checkpoint', '--old-checkpoint', $old, $dir);
like $output, qr/^old +266 leaves, a prefix/m, 'it is told';
(my $bent = $first->{checkpoint}) =~ s/\n533\n/\n532\n/;
differs('a checkpoint changed', 'not signed by',
    campaign_dir($first, checkpoint => $bent));
differs('a checkpoint of another', 'not signed by',
    campaign_dir($first, checkpoint => $other->{checkpoint}));
differs('a key of another', 'the key is of kuji',
    campaign_dir($first, vkey => $other->{vkey}));
differs('a ledger cut short', 'only 532',
    campaign_dir($first, leaves => [ @{ $first->{leaves} }[ 0 .. 530 ] ]));
differs('no checkpoint at all', 'not well-formed',
    campaign_dir($first, checkpoint => "hello\n"));

# A participant was replaced: the ledger is sound, but not the one signed. A
# later leaf proves the same of the old checkpoint.
my @forged = @running;
$forged[9] = $running[9] =~ s/("who":")(.)/$1 . ($2 eq '0' ? '1' : '0')/er;
my $forged = campaign_dir($first, leaves => \@forged, checkpoint => undef);
holds('a forged ledger by itself', '-q', $forged);
differs('a forged ledger and an old checkpoint', 'another root',
    '--old-checkpoint', $old, $forged);

# Lines.
my $text = join '', map { "$_\n" } $first->{manifest}, @{ $first->{leaves} };
chop $text;
put_file("$forged/ledger.jsonl", $text);
differs('no newline at the end', 'last line has no end', $forged);
put_file("$forged/ledger.jsonl", '');
differs('an empty ledger', 'is empty', $forged);
put_file("$forged/ledger.jsonl", "$text\n\n");
differs('an empty line', 'leaf 533', $forged);
put_file("$forged/manifest.json", "$first->{manifest}\n");
differs('a manifest with a newline', 'the manifest: not in canonical',
    $forged);

# Receipts.
my %receipt = %{ $first->{receipt} };
my $whose   = delete $receipt{participant};

sub receipt {
    my (%instead) = @_;
    return put_file("$dir/receipt",
        JSON::PP->new->encode({ %receipt, %instead }));
}
my @mine = ($dir, '--receipt', "$dir/receipt", '--participant', $whose);
receipt();
$output = holds('a receipt', @mine);
like $output, qr/^receipt +leaf 1 is in the ledger and is this/m, 'told';
receipt(checkpoint => $first->{old});
holds('a receipt with its checkpoint', '-q', @mine);
put_file("$dir/receipt", JSON::PP->new->encode({
    campaign    => 'case-1',
    n           => 1,
    participant => $whose,
    receipt     => \%receipt,
    checkpoint  => $first->{old}
}));
$output = holds('a receipt as the page hands it out', @mine[ 0 .. 2 ]);
like $output, qr/is this participant's/, 'it names the participant itself';
differs('of somebody else', 'not of this participant', @mine[ 0 .. 2 ],
    '--participant', 'mallory');
receipt(salt => '00' x 16);
differs('another salt', 'not of this participant', @mine);
receipt(salt => 'zz');
differs('no salt', 'salt is not', @mine);
receipt(index => 2);
differs('another index', 'leaf 2: is not the receipt', @mine);
receipt(index => 9999);
differs('an index past the end', 'does not reach', @mine);
receipt(leaf => "$receipt{leaf} ");
differs('another leaf', 'leaf 1: is not the receipt', @mine);
receipt(checkpoint => $other->{old});
differs('a checkpoint of another', 'not signed by', @mine);
put_file("$dir/receipt", '{');
differs('no receipt', 'not JSON', @mine);

# Each rule broken once.
my $spoilt = vectors('tampered.json');
for my $case (@{ $spoilt->{cases} }) {
    next if $case->{at} < 0;
    my @base = @{ $spoilt->{bases}[ $case->{base} ] };
    my @lines = (
        @base[ 0 .. $case->{head} - 1 ],
        @{ $case->{middle} },
        @base[ @base - $case->{tail} .. $#base ]
    );
    my $first_line = shift @lines;
    my ($status, undef, $error) = verify(
        campaign_dir(
            { manifest => $base[0], first => $first_line, leaves => \@lines }
        )
    );
    like "$status $error", qr/^1 DIFFERS: leaf $case->{at}: /,
        "$case->{name}: leaf $case->{at}";
}

# Usage and files.
my @wrong = (
    [],
    ['--what'],
    [ $dir, $dir ],
    [ '--manifest', "$dir/manifest.json" ],
    [ $dir,         '--participant', 'x' ],
    ["$dir/nothing"],
    [ $dir, '--receipt', "$dir/nothing" ],
    [ $dir, '--key',     "$dir/nothing" ],
    [ @named, '--checkpoint', "$dir/checkpoint" ],
    ['http://127.0.0.1:1/k/x'],
    ['https://127.0.0.1/k/x?y'],
);
for my $arguments (@wrong) {
    my ($status, undef, $error) = verify(@$arguments);
    is $status, 2, "trouble: @$arguments";
    isnt $error, '', 'and it says so';
}
is +(verify('--help'))[0],    0, '--help';
like +(verify('--version'))[1], qr/^kuji-verify \d/, '--version';

done_testing;
