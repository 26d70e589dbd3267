#!/usr/bin/perl
# web/api/openapi.json tells of every route of the API, the public ledger and
# the machines' pages, with the scope it asks for, and of none that there is
# not; every reference in it leads somewhere.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use JSON::PP ();
use Kuji::Source qw(slurp);

my $text = slurp('web/api/openapi.json');
my $doc  = JSON::PP->new->decode($text);

# The tables' macros are string constants; what they hold is put in place.
sub routes {
    my ($file) = @_;
    my ($source, %constant, @found) = (slurp($file));
    my $value_of = sub {
        join '', map { /^"(.*)"$/ ? $1 : $constant{$_} // die "$file: $_" }
            $_[0] =~ /"[^"]*"|\w+/g;
    };
    while ($source =~ /^#define (\w+) (.*"[^\n]*)$/mg) {
        my ($name, $value) = ($1, $2);
        $constant{$name} = $value_of->($value);
    }
    while ($source =~ /\{KUJI_(GET|POST|PUT|PATCH|DELETE),\s*([^,]+),
            [^,]+,\s*(?:KUJI_SCOPE_(\w+)|0),\s*kuji_\w+\}/gx) {
        push @found, join ' ', lc $1, $value_of->($2), lc($3 // '-');
    }
    return @found;
}

sub operations {
    my @found;
    for my $path (keys %{ $doc->{paths} }) {
        my $item = $doc->{paths}{$path};
        for my $method (grep { $_ ne 'parameters' } keys %$item) {
            my @scopes =
                map { @{ $_->{token} } } @{ $item->{$method}{security} };
            push @found, join ' ', $method, $path, $scopes[0] // '-';
        }
    }
    return @found;
}

my @routes = (routes('web/api/routes.c'), routes('web/public/routes.c'));
cmp_ok scalar @routes, '>=', 20, 'the tables were read';
is_deeply [ sort(operations()) ], [ sort @routes ],
    'the document and the tables agree';

my %names;
while ($text =~ m{"\$ref": "#/components/(\w+)/(\w+)"}g) {
    ok exists $doc->{components}{$1}{$2}, "$1/$2 exists" unless $names{"$1/$2"}++;
}
for my $kind (sort keys %{ $doc->{components} }) {
    next if $kind eq 'securitySchemes';
    for my $name (sort keys %{ $doc->{components}{$kind} }) {
        ok $names{"$kind/$name"}, "$kind/$name is used";
    }
}

# Problems: the C table and the document name the same ones.
my %told = map { $_ => 1 }
    @{ $doc->{components}{schemas}{Problem}{properties}{type}{enum} };
my %known;
my $table = slurp('web/problem.c');
$known{"/problems/$1"} = 1
    while $table =~ /\[KUJI_PROBLEM_\w+\]\s*=\s*\{\s*"([a-z-]+)"/g;
is_deeply [ sort keys %told ], [ sort keys %known ], 'problems agree';

my %ids;
for my $item (values %{ $doc->{paths} }) {
    $ids{ $_->{operationId} }++ for grep { ref eq 'HASH' } values %$item;
}
is_deeply [ grep { $ids{$_} > 1 } sort keys %ids ], [], 'ids are unique';

done_testing;
