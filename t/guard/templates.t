#!/usr/bin/perl
# Templates say nothing by themselves and name nothing that is not there; no
# text can put unescaped data on a page.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use JSON::PP ();
use Kuji::Source qw(root files slurp);

sub flat {
    my ($value, $path) = @_;
    return ($path => $value) if !ref $value;
    return map { flat($value->{$_}, $path eq '' ? $_ : "$path.$_") } keys %$value;
}

my %texts = flat(JSON::PP->new->decode(slurp('templates/locale/ja.json')), '');
my %english = flat(JSON::PP->new->decode(slurp('templates/locale/en.json')), '');
my @templates = files(qr{^templates/.*\.mustache$});
my %exists = map { $_ => 1 } @templates;
my (@nowhere, @dark, @raw, @styled, @said, %included);

for my $file (@templates) {
    my $source = slurp($file);
    my ($folder) = $file =~ m{^(.*)/};
    while ($source =~ /\{\{[>&<]\s*([\w.-]+)\s*\}\}/g) {
        my $name = $1;
        if ($name =~ /^t\.(.*)/) {
            push @dark, "$file: $name" if !exists $texts{$1};
            $included{$1} = 1;
        }
        elsif (!$exists{"$folder/$name.mustache"}) {
            push @nowhere, "$file: $name";
        }
    }
    push @raw, $file if $source =~ /\{\{\{|\{\{&/;
    push @styled, $file if $source =~ /\sstyle=|<style|<script(?![^>]*\ssrc=)|\son\w+=/i;
    (my $plain = $source) =~ s/<text.*?<\/text>//gs;
    push @said, $file if $plain =~ /[\x{3040}-\x{9fff}]/;
}
cmp_ok scalar @templates, '>', 15, 'the templates were found';
is_deeply \@nowhere, [], 'each partial is there';
is_deeply \@dark, [], 'each text is there';
is_deeply \@raw, [], 'nothing goes out unescaped';
is_deeply \@styled, [], 'no inline style or script';
is_deeply \@said, [], 'no words outside the locale files';

# A text that prints data as it is may only become data itself (web/template.h).
is_deeply [ grep { "$texts{$_}$english{$_}" =~ /\{\{[{&]/ } sort keys %included ],
    [], 'no text on a page prints data as it is';
my @differ = grep {
    join(' ', sort $texts{$_} =~ /\{\{+([\w.]+)/g) ne
        join(' ', sort $english{$_} =~ /\{\{+([\w.]+)/g)
} sort keys %included;
is_deeply [ grep { !/sold_out|prize\.left/ } @differ ], [],
    'both languages tell the same figures';

done_testing;
