#!/usr/bin/perl
# Every theme, by day and by night: text 4.5 to 1, large text and controls 3
# (WCAG 2.2 1.4.3 and 1.4.11).
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Kuji::Source qw(root slurp);

my ($day, $night) = ('', '');
for my $file (qw(themes admin/theme)) {
    my ($light, $dark) = split /\@media \(prefers-color-scheme: dark\)/,
        slurp("templates/assets/css/$file.css");
    $day   .= $light;
    $night .= $dark;
}

sub themes {
    my ($text) = @_;
    my %themes;
    while ($text =~ /\.theme-(\w+) \{(.*?)\}/gs) {
        my ($name, $body) = ($1, $2);
        $themes{$name} = { $body =~ /--([\w-]+): (#[0-9a-f]{6});/g };
    }
    return %themes;
}

sub luminance {
    my @linear = map { $_ /= 255; $_ <= 0.04045 ? $_ / 12.92 : (($_ + 0.055) / 1.055)**2.4 }
        map { hex } $_[0] =~ /([0-9a-f]{2})/g;
    return 0.2126 * $linear[0] + 0.7152 * $linear[1] + 0.0722 * $linear[2];
}

sub contrast {
    my ($light, $dark) = sort { $b <=> $a } map { luminance($_) } @_;
    return ($light + 0.05) / ($dark + 0.05);
}

# The pairs that organisers' own colours are held to as well.
my ($list) = slurp('core/theme.c') =~ /\} pairs\[\] = \{(.*?)\n\};/s;
my @pairs = map { [ split ' ', s/[",{}]/ /gr ] } $list =~ /(\{"[^}]*\})/g;
cmp_ok scalar @pairs, '>=', 20, 'the pairs were found';
# What is wrong has colours that no organiser changes.
push @pairs, [ 'bad', 'bad-pale', 4.5 ];
my @desk = ([ 'good', 'good-pale', 4.5 ],
    (map { [ $_, 'paper', 4.5 ] } qw(good bad)), [ 'bad', 'ground', 4.5 ],
    (map { [ 'rail-ink', $_, 4.5 ] } qw(rail rail-tint)), [ 'rail-soft', 'rail', 4.5 ]);

for my $when ([ day => $day ], [ night => $night ]) {
    my %themes = themes($when->[1]);
    is_deeply [ sort keys %themes ], [qw(desk ennichi mono wakaba yuki)],
        "$when->[0]: four themes and the desk";
    for my $name (sort keys %themes) {
        for my $pair (@pairs, $name eq 'desk' ? @desk : ()) {
            my ($on, $under, $least, $only) = @$pair;
            next if defined $only && $only ne 'NULL' && $only ne $name;
            my $is = contrast(@{ $themes{$name} }{ $on, $under });
            cmp_ok $is, '>=', $least,
                sprintf '%s by %s: %s on %s', $name, $when->[0], $on, $under;
        }
    }
}

done_testing;
