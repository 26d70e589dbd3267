# The tables of routes, read from their source, so that a test that asks for
# every row asks for those to come as well.
#
#   for my $route (admin_routes()) { ... @$route{qw(method path roles)} ... }
#   for my $route (participant_routes()) { ... }
#
# roles: names of those that may, [] where everybody does.
#
# SPDX-License-Identifier: Apache-2.0
package Kuji::Routes;

use strict;
use warnings;
use Exporter 'import';
use Kuji::Source qw(slurp);

our @EXPORT = qw(admin_routes participant_routes);

my %named = (OWNER => ['owner'], EDITOR => ['editor'], STAFF => ['staff'],
    VIEWER => ['viewer'], ANY => [qw(owner editor staff viewer)]);

# The roles of a macro's value, `KUJI_ROUTE_ADMIN(KUJI_ROLE_OWNER | …)`.
sub _roles {
    my ($value) = @_;
    my %roles = map { $_ => 1 } map { @{ $named{$_} // die "role $_" } }
        $value =~ /KUJI_ROLE_(\w+)/g;
    return [ sort keys %roles ];
}

sub admin_routes       { return _routes('web/admin/routes.c') }
sub participant_routes { return _routes('web/participant/routes.c') }

sub _routes {
    my ($file) = @_;
    my $source = slurp($file);
    $source =~ s/\\\n//g;
    my (%text, %flags, @found);
    my $path_of = sub {
        join '', map { /^"(.*)"$/ ? $1 : $text{$_} // die "path: $_" } $_[0] =~ /"[^"]*"|\w+/g;
    };
    while ($source =~ /^#define (\w+) +(.+)$/mg) {
        my ($name, $value) = ($1, $2);
        if ($value =~ /KUJI_RO(?:LE|UTE)_/) {
            $flags{$name} = _roles($value);
        }
        else {
            $text{$name} = $path_of->($value);
        }
    }
    my $rows = () = $source =~ /\{KUJI_(?:GET|POST|PUT|PATCH|DELETE)/g;
    while ($source =~ /\{KUJI_(\w+),\s*([^,]+?),\s*([^,]+?),\s*0,\s*kuji_\w+\}/g) {
        my ($method, $path, $given) = ($1, $path_of->($2), $3);
        my ($macro) = grep { exists $flags{$_} } $given =~ /\w+/g;
        push @found, { method => $method, path => $path,
            roles => $macro ? $flags{$macro} : _roles($given) };
    }
    die "read @{[ scalar @found ]} of $rows rows" if @found != $rows || !$rows;
    return @found;
}

1;
