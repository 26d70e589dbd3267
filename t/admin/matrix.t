#!/usr/bin/perl
# Every page of the console as every role and as nobody; and with ids that are
# another tenant's: 404. Rows are taken from the table itself (Kuji::Routes).
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Kuji::Admin;
use Kuji::Routes;
use Kuji::Source qw(c_files slurp);
use Kuji::Test;

# No console page has its roles anywhere else than in that one table.
is_deeply [ grep { $_ ne 'web/admin/routes.c' && $_ !~ m{^t/} && slurp($_) =~ /KUJI_ROUTE_ADMIN\(/ } grep { /\.c$/ } c_files() ],
    [], 'every row is in web/admin/routes.c';
my $roles = join ' ', sort map { lc } slurp('store/admin.h') =~ /^#define KUJI_ROLE_(?!ANY)([A-Z]+) /mg;
is $roles, 'editor owner staff viewer', 'the roles are those that are tried here';

my @routes = admin_routes();
my @roles  = qw(owner editor staff viewer);
my %admin  = map { $_ => Kuji::Admin->new(role => $_) } @roles;
my $nobody = Kuji::Admin->nobody;
# What is another tenant's.
my $stranger = Kuji::Admin->new(site => 'second', prefix => '/kuji');
my %theirs   = (
    slug => campaign({}, site => 'second'),
    id   => $stranger->{id},
    n    => 1,
    name => 'nothing',
);
$stranger->send('/kuji/admin/accounts', login => unique('theirs'), role => 'viewer');
my ($invitation) = sql("SELECT i.id FROM kuji.admin_invitation i JOIN kuji.tenant t ON t.id = i.tenant_id
    WHERE t.name = 'second' AND i.revoked_at IS NULL ORDER BY i.created_at DESC LIMIT 1");

# Captures filled in, with something that is nowhere.
sub path {
    my ($route, %of) = @_;
    my %value = (slug => 'no-such-campaign', id => '00000000-0000-4000-8000-000000000000',
        n => 999, name => 'nothing', %of);
    return $route->{path} =~ s/\{(\w+)\}/$value{$1} \/\/ die "{$1}"/ger;
}

# From another site, so that nothing is changed where the role fits; then the
# answer is 403 as well, but the log-in comes first for nobody.
sub status {
    my ($who, $route, %o) = @_;
    my $path = path($route, %{ $o{of} // {} });
    return $who->get($path)->{status} if $route->{method} eq 'GET';
    return $who->ask($route->{method}, $path, body => '', headers => {
        'Content-Type' => 'application/x-www-form-urlencoded',
        'Sec-Fetch-Site' => $o{from} // 'same-origin' })->{status};
}

for my $route (@routes) {
    my $name = "$route->{method} $route->{path}";
    my %may  = map { $_ => 1 } @{ $route->{roles} };
    my $door = !%may;
    if ($door) {
        isnt status($nobody, $route), 401, "$name: is for everybody";
    }
    else {
        my $expected = $route->{method} eq 'GET' ? 303 : 401;
        is status($nobody, $route), $expected, "$name: nobody";
        is request($route->{method}, path($route))->{status}, 401, "$name: a program without a name";
    }
    for my $role (grep { !$door } @roles) {
        # Ending one's own session is for the end.
        next if $route->{path} =~ m{/logout$} && $may{$role};
        my $status = status($admin{$role}, $route);
        if ($may{$role}) {
            ok $status != 401 && $status != 403, "$name: $role may ($status)";
        }
        else {
            is $status, 403, "$name: $role may not";
        }
    }
    # A forged form never gets in, whoever is logged in.
    if ($route->{method} ne 'GET') {
        is status($admin{$_}, $route, from => 'cross-site'), 403, "$name: not from another site, $_"
            for @roles;
    }
    # The right role, another tenant's thing.
    if ($route->{path} =~ /\{/ && !$door) {
        my ($role) = grep { $may{$_} } @roles;
        my %of = (%theirs, $route->{path} =~ m{/invitations/} ? (id => $invitation) : ());
        is status($admin{$role}, $route, of => \%of), 404, "$name: another tenant's, $role";
    }
    isnt $nobody->ask($_, path($route))->{status}, 200, "$name: not by $_" for qw(PUT DELETE BREW);
}
is $admin{$_}->get('/admin/login')->{status}, 303, "$_ is still logged in" for @roles;
is sql("SELECT count(*) FROM kuji.admin WHERE id = '$stranger->{id}' AND NOT disabled AND role = 'owner'"), 1,
    'and the other tenant has what it had';

# The rail leads only where its reader may go.
my %open = map { my $r = $_; map { ("$_ $r->{path}" => 1) } @{ $r->{roles} } } grep { $_->{method} eq 'GET' } @routes;
for my $role (@roles) {
    my $page = $admin{$role}->get('/admin/account')->{text};
    my @led  = $page =~ m{<li><a href="(/admin[^"]*)"}g;
    is_deeply [ grep { !$open{"$role $_"} } @led ], [], "$role: every link of the rail opens";
}

done_testing;
