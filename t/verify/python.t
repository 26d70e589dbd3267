#!/usr/bin/perl
# The Python verifier as somebody outside runs it, and its Ed25519.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use FindBin qw($Bin);
use JSON::PP ();
use Kuji::Vectors;
use Test::More;

sub run {
    my (@arguments) = @_;
    my $pid = open my $pipe, '-|';
    die "fork: $!" unless defined $pid;
    if (!$pid) {
        open STDERR, '>&', \*STDOUT or die "dup: $!";
        exec 'python3', "$Bin/kuji_verify.py", @arguments or exit 99;
    }
    local $/;
    my $output = <$pipe>;
    close $pipe;
    return ($? >> 8, $output // '');
}

sub holds {
    my ($name, $like, @arguments) = @_;
    my ($status, $output) = run(@arguments);
    is $status, 0, "$name: holds";
    like $output, $like, "$name: says so";
}

sub refuses {
    my ($name, $like, @arguments) = @_;
    my ($status, $output) = run(@arguments);
    is $status, 1, "$name: refused";
    like $output, $like, "$name: says why";
}

is system('python3', "$Bin/ed25519_check.py"), 0, 'the vectors of RFC 8032';

my @campaigns = @{ vectors('kuji1.json')->{campaigns} };
my ($first, $other) = @campaigns;

sub files {
    my ($dir) = @_;
    return map { ("--$_->[0]", "$dir/$_->[1]") } ['manifest', 'manifest.json'],
        ['ledger', 'ledger.jsonl'], ['checkpoint', 'checkpoint'], ['key', 'key'];
}

for my $campaign (@campaigns) {
    my ($slug) = $campaign->{manifest} =~ /"slug":"([^"]+)"/;
    holds($slug, qr/^outcomes: replayed .*^OK$/ms, files(campaign_dir($campaign)));
}
my $dir = campaign_dir($first);
holds('a running campaign', qr/^outcomes: not checked/m, files(campaign_dir(
    $first,
    leaves     => [ @{ $first->{leaves} }[ 0 .. 300 ] ],
    checkpoint => $first->{old}
)));

(my $bent = $first->{checkpoint}) =~ s/\n533\n/\n532\n/;
refuses('a checkpoint changed', qr/signature is wrong/,
    files(campaign_dir($first, checkpoint => $bent)));
refuses('a checkpoint of another', qr/another campaign/,
    files(campaign_dir($first, checkpoint => $other->{checkpoint})));
refuses('a key of another', qr/another campaign's/,
    files(campaign_dir($first, vkey => $other->{vkey})));
refuses('a ledger cut short', qr/at leaf 532: .*ends before/,
    files(campaign_dir($first, leaves => [ @{ $first->{leaves} }[ 0 .. 530 ] ])));
my @forged = @{ $first->{leaves} }[ 0 .. 300 ];
$forged[9] =~ s/("who":")(.)/$1 . ($2 eq '0' ? '1' : '0')/e;
refuses('another participant', qr/not the one that was signed/, files(campaign_dir(
    $first, leaves => \@forged, checkpoint => $first->{old})));

# Receipts.
my %receipt = %{ $first->{receipt} };
my $whose   = delete $receipt{participant};

sub receipt {
    my (%instead) = @_;
    return ('--receipt', put_file("$dir/receipt",
        JSON::PP->new->encode({ %receipt, %instead })));
}
holds('a receipt', qr/^receipt: .* is the participant's$/m, files($dir),
    receipt(checkpoint => $first->{checkpoint}), '--participant', $whose);
refuses('somebody else\'s', qr/another participant's/, files($dir), receipt(),
    '--participant', 'mallory');
refuses('another leaf', qr/no draw|another leaf|not canonical/, files($dir),
    receipt(leaf => "$receipt{leaf} "));
refuses('another index', qr/not at its index/, files($dir), receipt(index => 2));
is +(run('--manifest', "$dir/nothing"))[0], 2, 'no file';
is +(run())[0],                             2, 'no arguments';

done_testing;
