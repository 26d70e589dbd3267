#!/usr/bin/perl
# Too many tries: for an account wherever they come from, for an address
# whatever it tries, all processes together; nobody learns which accounts are.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Kuji::Admin;
use Kuji::Test;

my $me = Kuji::Admin->new(site => 'second', prefix => '/kuji');

sub enter {
    my ($login, $password, $address) = @_;
    return Kuji::Admin->nobody(site => 'second')->send('/kuji/admin/login', login => $login,
        password => $password, _headers => { 'X-Forwarded-For' => $address });
}
sub statuses {
    my ($count, @try) = @_;
    return join ' ', map { enter(@try)->{status} } 1 .. $count;
}

# An account, from many addresses; one that there is, and one that is not.
for my $login ($me->{login}, unique('nobody')) {
    my @seen = map { enter($login, 'wrong-password-1', "203.0.113.$_")->{status} } 1 .. 7;
    is "@seen", '401 401 401 401 401 429 429', 'five wrong tries';
    my $r = enter($login, $me->{password}, '203.0.113.99');
    is $r->{status}, 429, 'then not even the right password is looked at';
    like $r->{headers}{'retry-after'}, qr/^(?:[1-9]|10)$/, 'says when it will be';
    like $r->{text}, qr/1 分ほど待って/, 'to people as well';
    is $r->{headers}{'set-cookie'}, undef, 'no session';
}
is $me->get('/kuji/admin/login')->{status}, 303, 'who is in stays in';
sql("UPDATE kuji.login_try SET until = until - 10000");
is enter($me->{login}, $me->{password}, '203.0.113.99')->{status}, 303, 'the wait is over';
is statuses(5, $me->{login}, 'wrong-password-1', '203.0.113.1'), '401 401 401 401 401',
    'and the count begins anew';

# An address: twenty, whatever the names; IPv6 by its network.
for my $network ([ '198.51.100.1', '198.51.100.1', '198.51.100.2' ],
    [ '2001:db8:1:1::1', '2001:db8:1:1:ffff::2', '2001:db8:1:2::1' ])
{
    my ($from, $same, $other) = @$network;
    my @seen = map { enter(unique('guess'), 'wrong-password-1', $_ % 2 ? $from : $same)->{status} } 1 .. 21;
    is "@seen", join(' ', (401) x 20, 429), "twenty from $from";
    is enter(unique('guess'), 'wrong-password-1', $other)->{status}, 401, "$other is another";
}

# At once: no more get through than one after the other.
sql('DELETE FROM kuji.login_try');
my $target = unique('crowd');
my @all = parallel(12, sub { enter($target, 'wrong-password-1', '192.0.2.200')->{status} });
is scalar(grep { $_ == 401 } @all), 5, 'five of twelve at once';
is scalar(grep { $_ == 429 || $_ == 503 } @all), 7, 'the others have to wait';

# Nothing says whom it was about.
is sql("SELECT count(*) FROM kuji.login_try WHERE position(convert_to('$target', 'UTF8') IN subject) > 0"), 0,
    'no name is written down';
unlike slurp_file("$ENV{KUJI_SRC}/t/logs/error_log"), qr/\Q$target\E|\Q$me->{login}\E.*KJ050/, 'nor logged';
sql('DELETE FROM kuji.login_try');

done_testing;
