#!/usr/bin/perl
# Dependencies point one way, down: an include that runs up or sideways fails.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Kuji::Source qw(c_files slurp);

# room => the rooms whose headers it may include, besides its own.
my %below = (
    core   => [],
    store  => [qw(core sql)],
    remote => [qw(core)],
    queue  => [qw(core store sql)],
    job    => [qw(core store remote sql)],
    web    => [qw(core store remote queue job)],
    tools  => [qw(core store remote job)],
    top    => [qw(core store remote queue job web)],
);

# What the core may take from outside, besides the C library.
my $core_system = qr{^(?:apr(?:_[a-z0-9_]+)?|idn2|jansson|qrencode|sodium|utf8proc|
    openssl/(?:core_names|ec|err|evp|param_build))\.h$}x;
my $c_library   = qr{^(?:assert|ctype|errno|inttypes|limits|math|stdarg|stdbool|
    stddef|stdint|stdio|stdlib|string|cpuid|immintrin)\.h$}x;
my $core_never = qr{^apr_(?:file|network|thread|time|random|dbd|poll)};

sub room {
    my ($path) = @_;
    return $path =~ m{^([^/]+)/} ? $1 : 'top';
}

my $seen = 0;
for my $file (c_files()) {
    my $room = room($file);
    next if $room eq 't';
    my $text = slurp($file);
    my @wrong;
    die "no rule for $room/ ($file)" unless $below{$room};
    my %may = map { $_ => 1 } $room, @{ $below{$room} };
    while ($text =~ /^\s*#\s*include\s+"([^"]+)"/gm) {
        push @wrong, qq("$1") unless $may{ room($1) };
    }
    if ($room eq 'core') {
        while ($text =~ /^\s*#\s*include\s+<([^>]+)>/gm) {
            my $header = $1;
            push @wrong, "<$header>"
                unless $header =~ $c_library
                or $header =~ $core_system && $header !~ $core_never;
        }
    }
    is "@wrong", '', "$file includes nothing above or beside it";
    $seen++;
}
cmp_ok $seen, '>', 10, 'the sources were found';

# No clock, no randomness, no input or output in the core.
my $impure = qr{\b(apr_time_now|time|clock_gettime|gettimeofday|randombytes\w*|
    getrandom|rand|random|getenv|fopen|fread|apr_file_\w+|printf)\s*\(}x;
for my $file (grep { m{^core/} } c_files()) {
    my @calls;
    for my $line (Kuji::Source::code_lines(slurp($file))) {
        push @calls, $1 if $line =~ $impure;
    }
    is "@calls", '', "$file is pure";
}

done_testing;
