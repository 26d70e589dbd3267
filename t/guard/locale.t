#!/usr/bin/perl
# Every text exists in both languages, and none is empty.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use JSON::PP ();
use Kuji::Source qw(root);

sub flat {
    my ($value, $path) = @_;
    return map { flat($value->{$_}, "$path.$_") } keys %$value
        if ref $value eq 'HASH';
    return map { flat($value->[$_], "$path.$_") } 0 .. $#$value
        if ref $value eq 'ARRAY';
    return ($path => $value);
}

sub texts {
    my ($language) = @_;
    open my $file, '<:raw', root() . "/templates/locale/$language.json"
        or die "$language.json: $!";
    local $/;
    return flat(JSON::PP->new->utf8->decode(<$file>), '');
}

my %ja = texts('ja');
my %en = texts('en');
is_deeply [ grep { !exists $en{$_} } sort keys %ja ], [], 'nothing lacks English';
is_deeply [ grep { !exists $ja{$_} } sort keys %en ], [], 'nothing lacks Japanese';
is_deeply [ grep { $ja{$_} eq '' } sort keys %ja ], [], 'no empty Japanese text';
is_deeply [ grep { $en{$_} eq '' } sort keys %en ], [], 'no empty English text';
cmp_ok scalar keys %ja, '>', 20, 'the texts were found';

done_testing;
