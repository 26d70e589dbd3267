#!/usr/bin/perl
# What the lock files name runs on the Node.js and with the npm that Debian 12
# has: 18.20 and 9.2, which stops at a dependency on "latest" where the package
# has no address of its own, and at any override of it.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use JSON::PP;
use Test::More;
use Kuji::Source qw(files slurp);

my @locks = files(qr{(?:^|/)package-lock\.json$});
push @locks, 'templates/assets/vendor/liff/package-lock.json';
cmp_ok scalar @locks, '>', 1, 'the lock files were found';

# Is 18.20 in one of the ranges of an `engines` member?
sub runs {
    my ($range) = @_;
    for my $part (split /\s*\|\|\s*/, $range) {
        my ($sign, $major, $minor) = $part =~ /^\s*([\^~>=v ]*?)\s*v?(\d+)(?:\.(\d+|x|\*))?/ or return 1;
        $minor = 0 if !defined $minor || $minor !~ /^\d+$/;
        return 1 if $sign =~ />/ ? $major < 18 || ($major == 18 && $minor <= 20) : $major == 18 && $minor <= 20;
    }
    return 0;
}
ok runs('>=18') && runs('^16 || ^18.17.0') && runs('*') && runs('>= 0.4'), 'ranges that Debian is in';
ok !runs('>=20') && !runs('^20.1 || >=22') && !runs('>=18.21'), 'and such that it is not';

# Where the packages lie that the one at this place asks for by a tag.
sub tagged {
    my ($packages, $place) = @_;
    my $needs = $packages->{$place}{dependencies} // {};
    my @found;
    for my $name (grep { $needs->{$_} =~ /^[a-z]+$/ } sort keys %$needs) {
        my $at = $place;
        $at =~ s{(?:^|/)?node_modules/(?:\@[^/]+/)?[^/]+$}{} while $at ne '' && !$packages->{"$at/node_modules/$name"};
        push @found, $at eq '' ? "node_modules/$name" : "$at/node_modules/$name";
    }
    return @found;
}

for my $lock (@locks) {
    my $packages = JSON::PP->new->decode(slurp($lock))->{packages};
    # Of what pages load only the bundler is run here.
    my @run = grep { $lock =~ m{^t/browser/} || m{/esbuild$} } sort keys %$packages;
    my @too_new = grep { !runs($packages->{$_}{engines}{node} // '*') }
        grep { ref $packages->{$_}{engines} eq 'HASH' } @run;
    is "@too_new", '', "$lock: Node.js 18";
    my @nowhere = grep { !$packages->{$_}{resolved} } map { tagged($packages, $_) } sort keys %$packages;
    is "@nowhere", '', "$lock: what is asked for by a tag has an address";
}

done_testing;
