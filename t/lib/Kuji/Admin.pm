# An admin of a tenant in front of the console: made by kujictl, logged in by
# the page, with a cookie jar.
#
#   my $me = Kuji::Admin->new(role => 'editor');       # options: site, prefix
#   my $r  = $me->get('/admin/campaigns');             # $r->{text}: decoded
#   my $r  = $me->send('/admin/campaigns', title => 'x');
#   my $r  = $me->follow($r);                          # after a 303
#   my $nobody = Kuji::Admin->nobody;                  # the same, not logged in
#
# Paths are as in a link: with the mount's prefix.
#
# SPDX-License-Identifier: Apache-2.0
package Kuji::Admin;

use strict;
use warnings;
use parent 'Kuji::Form';
use Kuji::Test ();

my $password = 'correct-horse-battery-9';

sub nobody {
    my ($class, %o) = @_;
    return $class->SUPER::new(%o);
}

sub new {
    my ($class, %o) = @_;
    my $self = $class->nobody(role => 'owner', %o);
    $self->{login}    //= Kuji::Test::unique($self->{role});
    $self->{password} //= $password;
    $self->{id} = create(@$self{qw(site login role password)});
    $self->log_in;
    return $self;
}

# create(SITE, LOGIN, ROLE, PASSWORD): the account's id.
sub create {
    my ($site, $login, $role, $word) = @_;
    my $file = "$ENV{KUJI_SCRATCH}/password.$$";
    open my $out, '>', $file or die "$file: $!";
    print $out "$word\n";
    close $out or die "$file: $!";
    Kuji::Test::ctl('admin', 'create', $site, $login, '--role', $role,
        '--password-file', $file);
    unlink $file;
    my ($id) = Kuji::Test::sql("SELECT a.id FROM kuji.admin a
        JOIN kuji.tenant t ON t.id = a.tenant_id
        WHERE t.name = '$site' AND a.login = '$login' AND a.removed_at IS NULL");
    return $id // die "no admin $login";
}

sub log_in {
    my ($self) = @_;
    my $r = $self->send("$self->{prefix}/admin/login", login => $self->{login},
        password => $self->{password});
    die "$self->{login} cannot log in: $r->{status}\n$r->{content}"
        if $r->{status} != 303;
    return $r;
}

# Posts a form as the page would. Values that are array references are sent
# once each; _headers adds headers, or takes those away that are undef.
sub send {
    my ($self, $path, %fields) = @_;
    my %headers = ('Content-Type' => 'application/x-www-form-urlencoded',
        'Sec-Fetch-Site' => 'same-origin', %{ delete $fields{_headers} // {} });
    delete $headers{$_} for grep { !defined $headers{$_} } keys %headers;
    my @pairs   = map {
        my $name = $_;
        map { Kuji::Form::_escape($name) . '=' . Kuji::Form::_escape($_ // '') }
            ref $fields{$name} ? @{ $fields{$name} } : $fields{$name}
    } sort keys %fields;
    return $self->ask('POST', $path, body => join('&', @pairs),
        headers => \%headers);
}

# The page that an answer leads to.
sub follow {
    my ($self, $r) = @_;
    die "no redirect: $r->{status}" if $r->{status} != 303;
    return $self->get($r->{headers}{location});
}

1;
