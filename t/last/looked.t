#!/usr/bin/perl
# Every part of every page that participants can meet was judged by axe: each
# class and id that their templates write was on some page that a browser's test
# has looked at (t/browser/lib/axe.mjs notes them).
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Kuji::Source qw(root slurp);

my @tests = qw(console gates liff looks mail pages payments prizes proof reveals rights themes);
my $noted = "$ENV{KUJI_SCRATCH}/looked";
my @missing = grep { !-s "$noted/$_" } @tests;
plan skip_all => "not looked at in this run: @missing" if @missing;

my %seen = map { chomp; $_ => 1 } map { split /^/ } map { slurp_noted($_) } glob "$noted/*";

sub slurp_noted {
    open my $file, '<', $_[0] or die "$_[0]: $!";
    return do { local $/; <$file> };
}

# What a template writes itself, whatever it is given.
sub marks {
    my ($text) = @_;
    my %marks;
    while ($text =~ /\s(class|id)="([^"]*)"/g) {
        my ($kind, $value) = ($1, $2);
        $value =~ s/\{\{[#^\/][^}]*\}\}/ /g;
        $marks{ $kind eq 'id' ? "#$_" : $_ } = 1 for grep { !/[{}]/ } split ' ', $value;
    }
    return sort keys %marks;
}

my @templates = glob root() . '/templates/participant/*.mustache';
cmp_ok scalar @templates, '>', 40, 'the templates were found';
for my $path (@templates) {
    my ($name) = $path =~ m{([^/]+)\.mustache$};
    my @unseen = grep { !$seen{$_} } marks(slurp("templates/participant/$name.mustache"));
    is "@unseen", '', "$name: all of it was looked at";
}

done_testing;
