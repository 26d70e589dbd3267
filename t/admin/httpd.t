#!/usr/bin/perl
# The console behind httpd's own authentication: each sample of conf/ as it is
# shipped, and what is wrong with a configuration said by configtest.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use MIME::Base64 qw(encode_base64);
use Test::More;
use Kuji::Admin;
use Kuji::Test;

my $owner  = Kuji::Admin->new(login => unique('owner'));
my $viewer = Kuji::Admin->new(role => 'viewer');

# What httpd's modules say of a wrong password or user.
expect_log('AH01617', 'AH01618', 'AH01630', 'AH01631');

# Own log-in, asked for by httpd.
my $in = Kuji::Admin->nobody(site => 'session', map { $_ => $owner->{$_} } qw(login password));
is $in->get('/admin/account')->{headers}{location}, '/admin/login?next=%2fadmin%2faccount',
    'session: to the log-in page';
is request('GET', '/admin/account', site => 'session')->{status}, 401, 'session: a program';
is $in->get('/admin/login')->{status}, 200, 'session: which is for everybody';
is $in->log_in->{status}, 303, 'session: logs in';
is $in->get('/admin/account')->{status}, 200, 'session: and is in';
is $in->get('/owners?auto')->{status}, 200, 'session: also for what is not ours';
my $other = Kuji::Admin->nobody(site => 'session', map { $_ => $viewer->{$_} } qw(login password));
is $other->get('/owners?auto')->{status}, 401, 'session: which is not for nobody';
like $other->get('/owners?auto')->{headers}{'www-authenticate'}, qr/^Kuji realm/, 'session: with a challenge';
$other->log_in;
is $other->get('/owners?auto')->{status}, 401, 'session: nor for a viewer';
is $other->get('/admin/account')->{status}, 200, 'session: who may see other pages';
is $other->get('/admin/accounts')->{status}, 403, 'session: but not all';
is request('GET', '/', site => 'session')->{status}, 200, 'session: participants come as ever';

# Basic.
sub basic {
    my ($login, $password) = @_;
    return { Authorization => 'Basic ' . encode_base64("$login:$password", '') };
}
sub status {
    my ($site, $path, $headers) = @_;
    return request('GET', $path, site => $site, headers => $headers)->{status};
}
my $right = basic(@$owner{qw(login password)});
is request('GET', '/admin/account', site => 'basic')->{status}, 401, 'basic: nobody';
like request('GET', '/admin/account', site => 'basic')->{headers}{'www-authenticate'}, qr/^Basic realm="Console"/,
    'basic: a challenge';
is status('basic', '/admin/account', $right), 200, 'basic: an owner';
is status('basic', '/admin/accounts', $right), 200, 'basic: as one';
is status('basic', '/admin/accounts', basic(@$viewer{qw(login password)})), 403, 'basic: a viewer is one, too';
is status('basic', '/admin/account', basic($owner->{login}, 'wrong-password-1')), 401, 'basic: wrong';
is status('basic', '/admin/account', basic('nobody', 'wrong-password-1')), 401, 'basic: unknown';
unlike request('GET', '/admin/account', site => 'basic', headers => $right)->{content}, qr{rail-button},
    'basic: no button that would do nothing';
is request('POST', '/admin/logout', site => 'basic', headers => { %$right,
    'Content-Type' => 'application/x-www-form-urlencoded', 'Sec-Fetch-Site' => 'cross-site' })->{status}, 403,
    'basic: a forged form';
# Right again and again: no try is counted.
my $counted = q{SELECT coalesce(sum(tries), 0) FROM kuji.login_try WHERE kind = 'address'};
my $tries   = sql($counted);
is status('basic', '/admin/account', $right), 200, 'basic: again' for 1 .. 5;
is sql($counted), $tries, 'basic: which are no tries';
sql("UPDATE kuji.admin SET disabled = true WHERE id = '$viewer->{id}'");
is status('basic', '/admin/account', basic(@$viewer{qw(login password)})), 401, 'basic: disabled is out at once';
sql("UPDATE kuji.admin SET disabled = false WHERE id = '$viewer->{id}'");
sql("UPDATE kuji.admin SET password_hash = 'x' WHERE id = '$viewer->{id}'");
is status('basic', '/admin/account', basic(@$viewer{qw(login password)})), 401, 'basic: so is an old password';

# Too often: a wait, and not a challenge that a browser would answer at once.
{
    my $name = unique('guessed');
    my @seen = map { status('basic', '/admin/account', basic($name, 'wrong-password-1')) } 1 .. 6;
    is "@seen", '401 401 401 401 401 429', 'basic: five tries, then a wait';
    my $r = request('GET', '/admin/account', site => 'basic', headers => basic($name, 'wrong-password-1'));
    like $r->{headers}{'retry-after'}, qr/^\d+$/, 'basic: which says how long';
    is $r->{headers}{'www-authenticate'}, undef, 'basic: and asks for no other try';
    is status('basic', '/admin/account', $right), 200, 'basic: who was right a moment ago is in';
    sql('DELETE FROM kuji.login_try');
}

# mod_auth_form: a form to any protected page logs in; the next page knows it.
sub form {
    my ($login, $password) = @_;
    my $who = Kuji::Admin->nobody(site => 'session');
    $who->send('/form?auto', httpd_username => $login, httpd_password => $password);
    return $who->get('/form?auto')->{status};
}
is form(@$owner{qw(login password)}), 200, 'form: an owner';
is form($owner->{login}, 'wrong-password-1'), 401, 'form: wrong';
is form(@$other{qw(login password)}), 401, 'form: a viewer';
expect_log('AH01807', 'AH01808');

# Basic, from the office.
for my $case ([ '192.0.2.7', 200 ], [ '2001:db8:100:5::1', 200 ], [ '198.51.100.7', 403 ], [ '2001:db8:200::1', 403 ]) {
    my ($address, $status) = @$case;
    is status('address', '/admin/account', { %$right, 'X-Forwarded-For' => $address }), $status,
        "address: $address";
    isnt status('address', '/admin/login', { 'X-Forwarded-For' => $address }), 200,
        "address: no log-in page from $address" if $status == 403;
}
is status('address', '/admin/account', { 'X-Forwarded-For' => '192.0.2.7' }), 401, 'address: the office alone is not enough';

# A client certificate.
Kuji::Admin::create('first', 'certified', 'editor', 'correct-horse-battery-9');
my $url = site_url('certificate') =~ s{^http://[^:]+}{https://localhost}r;
sub curl {
    my ($path, @options) = @_;
    my $tls = "$ENV{KUJI_SCRATCH}/tls";
    my @command = ('curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', '--cacert', "$tls/ca.crt",
        (map { $_ eq '--cert' ? $_ : /^\w+$/ ? "$tls/$_.pem" : $_ } @options), "$url$path");
    open my $pipe, '-|', @command or die "curl: $!";
    return scalar <$pipe>;
}
is curl('/admin/account', '--cert', 'holder'), '200', 'certificate: an editor';
is curl('/admin/accounts', '--cert', 'holder'), '403', 'certificate: as one';
is curl('/admin/account'), '403', 'certificate: none';
is curl('/admin/account', '--cert', 'nobody'), '403', "certificate: no admin's";
is curl('/admin/account', '--cert', 'forger'), '000', "certificate: another CA's";
is curl('/'), '200', 'certificate: participants need none';
expect_log('AH02008', 'AH02039', 'AH01764', 'AH01906');

# Over TLS the cookie is the host's alone.
{
    my $tls = "$ENV{KUJI_SCRATCH}/tls";
    my $headers = qx(curl -s -D - -o /dev/null --cacert $tls/ca.crt --cert $tls/holder.pem $url/admin/logout -d x=1);
    like $headers, qr/^Set-Cookie: __Host-kuji-admin=; Max-Age=0; Path=\/; HttpOnly; SameSite=Lax; Secure\r$/mi,
        'certificate: __Host- and Secure over TLS';
}

done_testing;
