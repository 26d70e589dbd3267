#!/usr/bin/perl
# Writes an attacker's words into each field of every form, and lets attacks.mjs
# look at what becomes of them.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use FindBin;
use JSON::PP ();
use Test::More;
use Kuji::Siege;
use Kuji::Test;
use Kuji::World;

plan skip_all => 'npm ci in t/browser was not run'
    if !-d "$FindBin::Bin/node_modules/playwright-core";
my ($chromium) = grep { -x } $ENV{CHROMIUM} // (), '/usr/bin/chromium';
plan skip_all => 'no chromium' if !$chromium;

my $long  = q{'"><img src=x onerror=__xss=1></textarea></title><script>__xss=1</script>javascript:__xss=1};
my $short = q{'"><xss onload=__xss=1>};
my $world = Kuji::World->new;
for my $form (forms_of($world, $world->pages)) {
    next if $form->{route} =~ m{/(?:logout|erase|disable|enable)$};
    volley($form, $long, $short);
}
# Of each kind of page three are enough.
my (%visit, %cookies, %kind);
my %page = $world->pages;
for my $path (sort keys %page) {
    next if $kind{ $path =~ s/\b(?:c-)?[\d-]{2,}\b|\d+/N/gr }++ >= 3;
    my $who = $page{$path}{who};
    push @{ $visit{$who} }, $page{$path}{path} // $path;
    $cookies{$who} = [ map { { name => $_, value => $who->{jar}{$_}{value} } } grep { !/said/ } keys %{ $who->{jar} } ];
}
my $file = "$ENV{KUJI_SCRATCH}/visits.$$";
open my $out, '>:raw', $file or die "$file: $!";
print $out JSON::PP->new->utf8->encode([ map { { cookies => $cookies{$_}, paths => $visit{$_} } } sort keys %visit ]);
close $out or die "$file: $!";

local $ENV{KUJI_URL}    = site_url('first');
local $ENV{KUJI_VISITS} = $file;
local $ENV{CHROMIUM}    = $chromium;
exec 'node', "$FindBin::Bin/attacks.mjs" or die "node: $!";
