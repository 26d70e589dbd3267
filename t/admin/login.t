#!/usr/bin/perl
# The log-in page: who comes in, with which cookie, to where, and for how long.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Kuji::Admin;
use Kuji::Test;

# Nobody.
my $nobody = Kuji::Admin->nobody;
my $page   = $nobody->get('/admin/login');
is $page->{status}, 200, 'the page';
is $page->{headers}{'cache-control'}, 'no-store', 'is not kept';
like $page->{text}, qr/<label for="f-login">ログイン名/, 'has its fields';
like $page->{headers}{'content-security-policy'}, qr/script-src 'self'/, 'its policy';
my $r = $nobody->get('/admin?x=1&y=%2f');
is $r->{status}, 303, 'a browser is sent there';
is $r->{headers}{location}, '/admin/login?next=%2fadmin%3fx%3d1%26y%3d%252f', 'and back afterwards';
is request('GET', '/admin')->{status}, 401, 'a program gets 401';
like request('GET', '/admin')->{headers}{'www-authenticate'}, qr/^Kuji /, 'with a challenge';
is $nobody->send('/admin/logout')->{status}, 401, 'so does a form';
is $nobody->get('/admin/nothing')->{status}, 404, 'a page that is not there';
like $nobody->get('/admin/nothing')->{text}, qr/管理画面へ戻る/, "says so in the console's words";

# An owner; another one, so that the first may be disabled.
my $me = Kuji::Admin->new;
Kuji::Admin->new;
my ($token) = $me->{jar}{'kuji-admin'}{value};
like $token, qr/^[\w-]{43}$/, 'a random token';
is sql("SELECT count(*) FROM kuji.admin_session WHERE encode(digest, 'escape') LIKE '%$token%'"), '0',
    'which the database does not know';
is sql("SELECT count(*) FROM kuji.admin_session WHERE digest = sha256('$token')"), '1', 'but its digest';
isnt sql("SELECT last_login_at FROM kuji.admin WHERE id = '$me->{id}'"), '', 'the log-in is noted';
is sql("SELECT count(*) FROM kuji.audit WHERE actor = '$me->{id}' AND action = 'admin.login'"), '1',
    'in the audit log too';
is $me->get('/admin')->{status}, 303, 'in';
my $again = $me->log_in;
like $again->{headers}{'set-cookie'}, qr/^kuji-admin=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/,
    'the cookie, without Secure over plain HTTP';
isnt $me->{jar}{'kuji-admin'}{value}, $token, 'a new one at each log-in';
is sql("SELECT count(*) FROM kuji.admin_session WHERE digest = sha256('$token')"), '0', 'the old one is over';
is $me->get('/admin/login')->{headers}{location}, '/admin', 'who is in needs no log-in page';
like $me->get('/admin/login')->{headers}{'cache-control'}, qr/no-store/, 'nor is that kept';

# Another tenant's session.
my $there = Kuji::Admin->nobody(site => 'second', prefix => '/kuji', jar => $me->{jar});
like $there->get('/kuji/admin')->{headers}{location}, qr{^/kuji/admin/login\?next=%2fadmin$},
    'a session is good for its tenant alone';

# Wrong.
for my $case ([ $me->{login}, 'wrong-password-1' ], [ unique('nobody'), $me->{password} ]) {
    my $r = $nobody->send('/admin/login', login => $case->[0], password => $case->[1]);
    is $r->{status}, 401, 'wrong';
    like $r->{text}, qr/ログイン名かパスワードが違います。/, 'says no more';
    like $r->{text}, qr/value="\Q$case->[0]\E"/, 'the login is there again';
    unlike $r->{text}, qr/\Q$case->[1]\E/, 'the password is not';
    is $r->{headers}{'set-cookie'}, undef, 'no session';
}
is $nobody->send('/admin/login', login => 'x')->{status}, 422, 'a field is empty';
is request('POST', '/admin/login', json => {})->{status}, 400, 'no form';

# Where to: own pages only.
sub lands {
    my ($next) = @_;
    my $r = Kuji::Admin->nobody->send('/admin/login', next => $next,
        map { $_ => $me->{$_} } qw(login password));
    return $r->{headers}{location};
}
is lands('/admin/accounts?a=b%20c'), '/admin/accounts?a=b%20c', 'back to where one was';
for my $evil ('https://evil.example/', '//evil.example/admin', '/\\evil.example', '/admin//evil.example',
    '/adminx', '/admin@evil.example', 'javascript:alert(1)', '/admin/../k/x', "/admin\r\nX: y", '/admin\\x',
    '/k/slug', '', '/admin/' . 'x' x 2000)
{
    is lands($evil), '/admin', 'not to ' . substr $evil =~ s/[\r\n]/ /gr, 0, 30;
}
like $nobody->get('/admin/login?next=https://evil.example/')->{text}, qr/name="next" value=""/, 'nor on the page';

# Over.
my $digest = "sha256('$me->{jar}{'kuji-admin'}{value}')";
sql("UPDATE kuji.admin_session SET created_at = created_at - 7260000, seen_at = seen_at - 7140000 WHERE digest = $digest");
is $me->get('/admin/login')->{status}, 303, 'two hours idle are not over yet';
sql("UPDATE kuji.admin_session SET created_at = created_at - 7260000, seen_at = seen_at - 7260000 WHERE digest = $digest");
is $me->get('/admin/login')->{status}, 200, 'now they are';
$me->log_in;
$digest = "sha256('$me->{jar}{'kuji-admin'}{value}')";
sql("UPDATE kuji.admin_session SET created_at = created_at - 12 * 3600000 WHERE digest = $digest");
is $me->get('/admin/login')->{status}, 200, 'twelve hours, in use';
$me->log_in;
sql("UPDATE kuji.admin SET disabled = true WHERE id = '$me->{id}'");
is $me->get('/admin/login')->{status}, 200, 'a disabled admin is out at once';
is $nobody->send('/admin/login', map { $_ => $me->{$_} } qw(login password))->{status}, 401, 'and stays out';
sql("UPDATE kuji.admin SET disabled = false WHERE id = '$me->{id}'");

# Out.
$me->log_in;
my $cookie = $me->{jar}{'kuji-admin'}{value};
$r = $me->send('/admin/logout');
is $r->{status}, 303, 'out';
like $me->follow($r)->{text}, qr/role="status">ログアウトしました。/, 'said once';
unlike $me->get('/admin/login')->{text}, qr/ログアウトしました。/, 'and not again';
$me->{jar}{'kuji-admin'} = { value => $cookie, path => '/' };
is $me->get('/admin/login')->{status}, 200, 'the old cookie is worth nothing';
$me->log_in;
my $elsewhere = Kuji::Admin->nobody(login => $me->{login}, password => $me->{password});
$elsewhere->log_in;
$me->send('/admin/logout', everywhere => 'yes');
is $elsewhere->get('/admin/login')->{status}, 200, 'out everywhere';

# From another site.
$me->log_in;
for my $headers ({ 'Sec-Fetch-Site' => 'cross-site' }, { 'Sec-Fetch-Site' => 'same-site' },
    { 'Sec-Fetch-Site' => undef, Origin => 'https://evil.example' })
{
    is $me->send('/admin/logout', _headers => $headers)->{status}, 403, 'a forged form';
    is $me->send('/admin/login', login => 'x', password => 'y', _headers => $headers)->{status}, 403,
        'a forged log-in';
}
is $me->get('/admin/login')->{status}, 303, 'still in';
is $me->get('/admin/logout')->{status}, 405, 'nothing changes by GET';

# Cookies that are none of ours.
for my $value ('x' x 43, 'x', '', "$cookie.", '%00' x 43) {
    is $nobody->get('/admin/login', headers => { Cookie => "kuji-admin=$value" })->{status}, 200,
        'a cookie of no session';
}
like $nobody->get('/admin/login', headers => { Cookie => 'kuji-said=.=x&%zz' })->{text}, qr/f-login/, 'nonsense said';
unlike $nobody->get('/admin/login', headers => { Cookie => 'kuji-said=.=../../list.title' })->{text},
    qr/role="status"/, 'nor any other text';

done_testing;
