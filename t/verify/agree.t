#!/usr/bin/perl
# Three verifiers that share no code say the same of 100,000 decisions and of
# 1,000 spoilt ledgers: the same verdict, and where refused the same leaf.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin    qw($Bin);
use Kuji::Vectors;
use Test::More;

my $dir  = tempdir(CLEANUP => 1);
my $made = `python3 $Bin/generate.py --seed 20261125 $dir`;
is $?, 0, 'campaigns were made';
my ($decisions) = $made =~ /^(\d+) decisions in \d+ campaigns$/;
cmp_ok $decisions // 0, '>=', 100_000, 'with enough decisions';
diag $made =~ s/\n//r;

my @directories = ("$dir/valid", "$dir/tampered");

# They run side by side.
sub judge {
    my (@command) = @_;
    open my $pipe, '-|', @command, @directories or die "$command[0]: $!";
    return $pipe;
}

# name => "signed", "other" or the first wrong leaf.
sub judged {
    my ($name, $pipe) = @_;
    my %verdicts = map { /^(\S+) (\S+)$/ ? ($1, $2) : () } <$pipe>;
    close $pipe;
    is $?, 0, "$name judged them";
    return \%verdicts;
}

# The same of kuji-verify, which is run for each.
sub judged_by_program {
    my %verdicts;
    for my $one (map { glob "$_/*" } @directories) {
        my ($name) = $one =~ m{([^/]+)$};
        my ($status, undef, $error) = verify(
            '-q', '--manifest', "$one/manifest.json",
            '--ledger', "$one/ledger.jsonl"
        );
        if ($status == 0) {
            ($status) = verify('-q', $one);
            $verdicts{$name} =
                  $status == 0 ? 'signed'
                : $status == 1 ? 'other'
                :                "status $status";
        }
        else {
            $verdicts{$name} =
                $error =~ /^DIFFERS: leaf (\d+): / ? $1 : $error;
        }
    }
    return \%verdicts;
}

sub slurp {
    my ($file) = @_;
    open my $in, '<:raw', $file or die "$file: $!";
    local $/;
    return scalar <$in>;
}

# Leaves that follow what was signed are new, not forged.
sub has_grown {
    my ($one) = @_;
    my ($size) = slurp("$one/checkpoint") =~ /\n(\d+)\n/;
    return slurp("$one/ledger.jsonl") =~ tr/\n// > $size;
}

my $python     = judge("$Bin/judge.py");
my $javascript = judge('node', "$Bin/judge.mjs");
my %says       = (
    'kuji-verify' => judged_by_program(),
    'Python'      => judged('the Python verifier', $python),
    'JavaScript'  => judged('the browsers\' verifier', $javascript),
);

my ($valid, $refused, $accepted, %methods) = (0, 0, 0);
for my $name (sort keys %{ $says{'kuji-verify'} }) {
    my %by = map { $_ => $says{$_}{$name} // 'nothing' } keys %says;
    my $is_valid = -d "$dir/valid/$name";
    my ($method) = $name =~ /^\d+-([a-z]+)/;
    my $verdict = $by{'kuji-verify'};
    if ($by{Python} ne $verdict || $by{JavaScript} ne $verdict) {
        fail "$name: " . join ', ', map { "$_ says $by{$_}" } sort keys %by;
    }
    elsif ($is_valid) {
        $verdict eq 'signed' ? $valid++ : fail "$name: $verdict";
    }
    elsif ($verdict eq 'signed' && !has_grown("$dir/tampered/$name")) {
        fail "$name: spoilt, but said to be what was signed";
    }
    else {
        $verdict =~ /^\d/ ? $refused++ : $accepted++;
        $methods{$method}++;
    }
}
is $valid, scalar(() = glob "$dir/valid/*"), 'every valid ledger holds';
is $refused + $accepted, 1000, 'all agree on the spoilt ones';
cmp_ok $refused,  '>', 700, "$refused are refused at the same leaf";
cmp_ok $accepted, '>', 50,
    "$accepted keep every rule: only the signed root tells";
is join(' ', sort keys %methods), 'box moment odds raffle', 'of every method';
cmp_ok $methods{$_}, '>', 150, "$_: $methods{$_}" for sort keys %methods;

done_testing;
