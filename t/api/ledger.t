#!/usr/bin/perl
# The public ledger: manifest, checkpoint, leaves by ranges, proofs; checked
# here by hashing alone.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Digest::SHA qw(sha256 sha256_hex);
use MIME::Base64 qw(decode_base64);
use Kuji::Test;

my $slug = campaign({ method => 'box', blanks => 5000 });
is draw($slug, count => 100)->{status}, 201, 'a hundred' for 1 .. 6;
my $size = 601;

sub public {
    my ($path, @o) = @_;
    return request('GET', "/k/$slug/$path", @o);
}

my $manifest = public('manifest.json');
is $manifest->{status}, 200, 'manifest';
unlike $manifest->{content}, qr/\n/, 'without newline';
like $manifest->{headers}{'cache-control'}, qr/^public, max-age=\d{2,}/,
    'for shared caches';
is $manifest->{headers}{etag}, '"' . sha256_hex($manifest->{content}) . '"',
    'ETag is M';
is public('manifest.json',
    headers => { 'If-None-Match' => $manifest->{headers}{etag} })->{status},
    304, 'not modified';

# The whole ledger.
my $ledger = public('ledger.jsonl');
is $ledger->{status}, 200, 'ledger';
like $ledger->{headers}{'content-type'}, qr{^application/jsonl}, 'JSON lines';
my @leaves = split /\n/, $ledger->{content}, -1;
is pop @leaves, '', 'ends with a newline';
is scalar @leaves, $size, 'all leaves';
is $leaves[0], $manifest->{content}, 'leaf 0 is the manifest';

# Ranges.
sub range {
    my ($query) = @_;
    return public("ledger.jsonl?$query");
}
is range('from=1&to=3')->{content}, "$leaves[1]\n$leaves[2]\n", 'a range';
is range('from=599')->{content}, "$leaves[599]\n$leaves[600]\n", 'the end';
is range('to=1')->{content}, "$leaves[0]\n", 'the beginning';
is range('from=5&to=5')->{content}, '', 'nothing';
is range('from=601')->{content}, '', 'not yet';
is range('from=600&to=9000')->{content}, "$leaves[600]\n", 'more than there is';
like range('from=1&to=3')->{headers}{'cache-control'}, qr/max-age=\d{2,}/,
    'what is complete stays';
unlike range('from=1')->{headers}{'cache-control'}, qr/max-age=\d{2,}/,
    'what grows does not';
my $etag = range('from=1&to=3')->{headers}{etag};
is public('ledger.jsonl?from=1&to=3', headers => { 'If-None-Match' => $etag })
    ->{status}, 304, 'not modified';
is range($_)->{status}, 400, "bad range $_"
    for 'from=3&to=1', 'from=-1', 'from=x', 'to=', 'from=1.5',
    'from=99999999999999999999';

# The tree, RFC 6962, written anew.
my @hash = map { sha256("\0$_") } @leaves;

sub root {
    my ($from, $to) = @_;
    return $hash[$from] if $to - $from == 1;
    my $half = 1;
    $half *= 2 while $half * 2 < $to - $from;
    return sha256("\1" . root($from, $from + $half) . root($from + $half, $to));
}

my $note = public('checkpoint');
is $note->{status}, 200, 'checkpoint';
my ($origin, $told, $root) = split /\n/, $note->{content};
is $told, $size, 'its size';
is decode_base64($root), root(0, $size), 'its root';
my $key = public('key')->{content};
like $key, qr/^\Q$origin\E\+[0-9a-f]{8}\+[A-Za-z0-9+\/]{44}$/, 'the vkey';

# Audit paths by definition.
sub path {
    my ($m, $from, $to) = @_;
    return () if $to - $from == 1;
    my $half = 1;
    $half *= 2 while $half * 2 < $to - $from;
    return $m < $from + $half
        ? (path($m, $from, $from + $half), root($from + $half, $to))
        : (path($m, $from + $half, $to), root($from, $from + $half));
}
for my $case ([ 0, 601 ], [ 600, 601 ], [ 255, 512 ], [ 256, 300 ], [ 3, 4 ],
    [ 0, 1 ])
{
    my ($leaf, $of) = @$case;
    is_deeply public("proof?leaf=$leaf&size=$of")->{json},
        { leaf => $leaf, size => $of,
          hashes => [ map { unpack 'H*', $_ } path($leaf, 0, $of) ] },
        "leaf $leaf of $of";
}
is public("proof?$_")->{status}, 400, "no proof $_"
    for 'leaf=601&size=601', 'leaf=0&size=602', 'leaf=0', 'size=1', '',
    'leaf=-1&size=1', 'leaf=0&size=0';

# Consistency by definition (2.1.2).
sub between {
    my ($m, $from, $to, $is_whole) = @_;
    return $is_whole ? () : (root($from, $to)) if $from + $m == $to;
    my $half = 1;
    $half *= 2 while $half * 2 < $to - $from;
    return $m <= $half
        ? (between($m, $from, $from + $half, $is_whole),
           root($from + $half, $to))
        : (between($m - $half, $from + $half, $to, 0),
           root($from, $from + $half));
}
for my $case ([ 1, 601 ], [ 256, 601 ], [ 300, 512 ], [ 512, 513 ], [ 601, 601 ],
    [ 3, 7 ])
{
    my ($from, $to) = @$case;
    is_deeply public("consistency?from=$from&to=$to")->{json},
        { from => $from, to => $to,
          hashes => [ map { unpack 'H*', $_ } between($from, 0, $to, 1) ] },
        "$from to $to";
}
is public("consistency?$_")->{status}, 400, "no proof $_"
    for 'from=0&to=1', 'from=2&to=1', 'from=1&to=602', 'from=1';

# Of a campaign that there is not.
is request('GET', "/k/no-such/$_")->{status}, 404, "no such $_"
    for qw(manifest.json checkpoint ledger.jsonl key proof consistency);

done_testing;
