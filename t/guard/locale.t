#!/usr/bin/perl
# Every text exists in both languages, says the same figures in both, is used,
# and everything that pages say to people comes from there.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use JSON::PP ();
use Kuji::Source qw(root files c_files slurp literals);

binmode Test::More->builder->$_, ':encoding(UTF-8)' for qw(output failure_output);

# All of what is found is told, not the first alone.
sub none {
    my ($found, $name) = @_;
    ok !@$found, $name or diag map { "  $_\n" } @$found;
    return;
}

sub flat {
    my ($value, $path) = @_;
    return map { flat($value->{$_}, $path eq '' ? $_ : "$path.$_") } keys %$value
        if ref $value eq 'HASH';
    return map { flat($value->[$_], "$path.$_") } 0 .. $#$value
        if ref $value eq 'ARRAY';
    return ($path => $value);
}

sub texts {
    my ($language) = @_;
    return flat(JSON::PP->new->decode(slurp("templates/locale/$language.json")), '');
}

my %ja = texts('ja');
my %en = texts('en');
none [ grep { !exists $en{$_} } sort keys %ja ], 'nothing lacks English';
none [ grep { !exists $ja{$_} } sort keys %en ], 'nothing lacks Japanese';
none [ grep { $ja{$_} eq '' } sort keys %ja ], 'no empty Japanese text';
none [ grep { $en{$_} eq '' } sort keys %en ], 'no empty English text';
cmp_ok scalar keys %ja, '>', 20, 'the texts were found';

# The same placeholders, whatever their number; is_one is for English alone.
sub placeholders {
    my %found = map { $_ => 1 }
        grep { !/\.is_one$/ } $_[0] =~ /\{\{[{#^&>]?\s*([\w.-]+)/g;
    return join ' ', sort keys %found;
}
none [ grep { placeholders($ja{$_}) ne placeholders($en{$_}) } sort keys %ja ],
    'both languages tell the same';
# Where English counts a thing, it knows the word for one of it.
none [
    grep {
        my $text = $en{$_};
        grep { $text !~ /\{\{[#^]\Q$_\E\.is_one\}\}/ && $_ ne 'max' }
            $text =~ /\{\{\{?([\w.]+)\}?\}\}\s(?!(?:is|was|has|does|takes|this)\b)[a-z]+s\b/g
    } sort keys %en ], 'one thing is not several';
none [ grep { "$en{$_}" =~ /\w\(s\)/ } sort keys %en ], 'nobody writes (s)';

# -- what is used -----------------------------------------------------------

# Names by which templates, other texts and C ask for a text. C also puts names
# together: from a beginning that ends in a dot or an underscore.
my (%named, %begun, @strange);
for my $file (files(qr{^templates/.*\.mustache$})) {
    my $source = slurp($file);
    while ($source =~ /\{\{>\s*t\.([\w.-]+)\s*\}\}/g) {
        $named{$1} = $file;
    }
}
for my $text (values %ja, values %en) {
    $named{$_} = 'a text' for $text =~ /\{\{>\s*t\.([\w.-]+)\s*\}\}/g;
}
my %top = map { s/\..*//r => 1 } keys %ja;
for my $file (grep { m{^web/} } c_files()) {
    for my $literal (literals(slurp($file))) {
        next if $literal !~ /^[a-z][\w-]*(?:\.[\w-]+)*\.?$/ || $literal !~ /[._]/;
        if ($literal =~ /[._]$/) {
            $begun{$literal} = $file;
        }
        elsif ($literal =~ /^([a-z]+)\./ && $top{$1}) {
            $named{$literal} = $file;
        }
    }
}

# Several names of "admin." + a problem's, and of a draw's words, are made of
# three parts; these are their first ones.
my @families = map { qr/^$_/ } 'problem\.', 'admin\.problem\.', 'campaign\.\w+_(?:title|text)',
    'result\.';

# Beginnings that say nothing by themselves.
delete @begun{qw(admin. problem. campaign. result.)};
sub is_begun {
    my ($name) = @_;
    while ($name =~ /[._]/g) {
        return 1 if $begun{ substr $name, 0, pos $name };
    }
    return scalar grep { $name =~ $_ } @families;
}
# A whole name may be a beginning too: "admin.rail" of "admin.rail.codes".
my %inner = map { my @parts = split /\./; map { join('.', @parts[0 .. $_]) => 1 } 0 .. $#parts - 1 }
    keys %ja;
$begun{"$_."} = $named{$_} for grep { $inner{$_} } keys %named;
none [ map { "$_ ($named{$_})" } grep { !exists $ja{$_} && !$inner{$_} && !/\.(?:csv|jsonl|css|js)$/ }
    sort keys %named ], 'no text is missing';
none [ grep { !$named{$_} && !is_begun($_) } sort keys %ja ], 'no text is unused';

# What the audit log may hold has words, and actors other than admins too.
my @wordless;
for my $file (grep { m{^(?:store|job|web)/} } c_files()) {
    my $code = join "\n", Kuji::Source::code_lines(slurp($file));
    while ($code =~ /kuji_audit_add\(([^;]*);/g) {
        push @wordless, "$file: $_" for grep { !exists $ja{"admin.audit.action.$_"} }
            map { /^([a-z_]+\.[a-z_]+)$/ ? $1 : () } literals($1);
    }
    while ($code =~ /\.actor\s*=\s*"(\w+)"/g) {
        push @wordless, "$file: $1" if !exists $ja{"admin.audit.actor.$1"};
    }
}
none \@wordless, 'the audit log speaks plainly';

# English is written in English.
none [ grep { $en{$_} =~ /[\x{3040}-\x{30ff}\x{4e00}-\x{9fff}]/
    && !/^(?:layout\.other_language|result\.mark|claim\.hint\.street)$/ } sort keys %en ], 'English texts are English';

# -- what is said elsewhere ---------------------------------------------------

# Words of a template that are no text: names of files and programs, marks, and
# attributes without a value.
my %word = map { $_ => 1 } 'No', 'kuji-verify', '--receipt', 'receipt.json', 'manifest.json',
    'ledger.jsonl', 'checkpoint', 'key', 'python3', 'kuji_verify.py', '--manifest', '--ledger',
    '--checkpoint', '--key', 'CSV', 'JSON', 'Lines', 'URL', 'SHA-256',
    'required', 'checked', 'disabled', 'url(/i/';
# Signs that are part of a drawing, as on the thing itself, and read to nobody.
my @drawn = qw(福 笑 祭 縁 籤 大入 お み く じ);
$word{$_} = 1 for @drawn;
my @said;
for my $file (files(qr{^templates/.*\.mustache$})) {
    my $source = slurp($file);
    $source =~ s/\{\{!.*?\}\}//gs;
    $source =~ s/\{\{\{?[^{}]*\}?\}\}/ /g;
    # Attributes that people read or hear.
    while ($source =~ /\s(?:alt|title|placeholder|aria-label|aria-description|label)="([^"]*)"/g) {
        push @said, "$file: $1" if $1 =~ /\p{L}/;
    }
    $source =~ s/<script\b[^>]*>.*?<\/script>//gs;
    $source =~ s/<!?\/?[A-Za-z][^>]*>/ /gs;
    # What a block gives to a tag of another template.
    $source =~ s/[\w-]+="[^"]*"/ /g;
    $source =~ s/&#?\w+;/ /g;
    push @said, map { "$file: $_" } grep { !$word{ s/[.:,]$//r } }
        grep { /\p{L}/ && !m{^/[a-z]} } split /\s+/, $source;
}
none \@said, 'no words in a template';

# C has Japanese in one place, where dates are written, and where it reads the
# head of a list or Japan Post's places.
my %japanese = map { $_ => 1 } 'web/zone.c', 'core/code_list.c', 'core/postal.c',
    'store/gift_import.c';
my @speaks;
for my $file (grep { !m{^t/} && !$japanese{$_} } c_files()) {
    push @speaks, map { "$file: $_" }
        grep { /[\x{3040}-\x{30ff}\x{4e00}-\x{9fff}]/ } literals(slurp($file));
}
none \@speaks, 'no Japanese in C';

# What goes to a page as a text is asked for by name: no sentence is a value.
my @sentences;
for my $file (grep { m{^web/(?:participant|admin)/|^web/render} } c_files()) {
    my $source = join "\n", Kuji::Source::code_lines(slurp($file));
    while ($source =~ /json_(?:string|pack|sprintf)\(((?:[^()"]|"(?:[^"\\]|\\.)*"|\((?:[^()]|\([^()]*\))*\))*)\)/g) {
        push @sentences, map { "$file: $_" } grep { /[A-Za-z]{2,} [A-Za-z]{2,}/ } literals($1);
    }
}
none \@sentences, 'no English sentence is put on a page by C';

# Modules get their words from the page.
my @modules;
for my $file (files(qr{^templates/assets/js/.*\.m?js$})) {
    my $source = slurp($file);
    $source =~ s{/\*.*?\*/}{}gs;
    $source =~ s{(?<![:"'`\\])//[^\n]*}{}g;
    while ($source =~ /([\x{3040}-\x{30ff}\x{4e00}-\x{9fff}]+)/g) {
        my $found = $1;
        push @modules, "$file: $found"
            if $file !~ m{/reveal/} || !grep { $_ eq $found } @drawn;
    }
    while ($source =~ /(["'`])((?:(?!\1)[^\\\n]|\\.)*)\1/g) {
        my $literal = $2;
        # Selectors, class lists and attribute names are lower case; sentences
        # begin with a capital and go on.
        push @modules, "$file: $literal" if $literal =~ /^[A-Z][a-z]+(?: [a-z]+)+/;
    }
}
none \@modules, 'no words in a module';

done_testing;
