#!/usr/bin/perl
# Accounts: invited, disabled, given another role, removed; own passwords.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Kuji::Admin;
use Kuji::Test;

my $me = Kuji::Admin->new;
my $good = 'a-good-long-phrase 7';

sub link_of {
    my ($r) = @_;
    my ($link) = $r->{text} =~ /<p class="secret">([^<]+)</;
    return $link // '';
}
sub path_of { return $_[0] =~ s{^http://[^/]+}{}r }
sub audit {
    my ($object) = @_;
    return [ sql("SELECT action || ' ' || detail FROM kuji.audit WHERE object = '$object' ORDER BY seq") ];
}

# An invitation.
my $login = unique('new') . '@example.jp';
my $r = $me->send('/admin/accounts', login => $login, role => 'editor');
is $r->{status}, 200, 'invited';
my $link = link_of($r);
like $link, qr{^\Q@{[ site_url('first') ]}\E/admin/invitation\?token=[\w-]{43}$}, 'a link';
my ($token) = $link =~ /token=(.*)/;
is sql("SELECT count(*) FROM kuji.admin_invitation WHERE digest = sha256('$token')"), 1, 'of which the digest is kept';
unlike $me->get('/admin/accounts')->{text}, qr/\Q$token\E/, 'it is not shown again';
like $me->get('/admin/accounts')->{text}, qr/\Q$login\E/, 'the invitation is';
my ($invitation) = sql("SELECT id FROM kuji.admin_invitation WHERE login = '$login'");
is_deeply audit("invitation:$invitation"), [ 'admin.invite {"role": "editor"}' ], 'in the audit log, without the login';

my $guest = Kuji::Admin->nobody(login => $login, password => $good);
$r = $guest->get(path_of($link));
is $r->{status}, 200, 'the guest comes';
like $r->{text}, qr/\Q$login\E/, 'is named';
my ($made) = $r->{text} =~ /name="generated" value="([^"]+)"/;
like $made, qr/^[a-z1-9]{6}(?:-[a-z1-9]{6}){3}$/, 'is offered a passphrase';
for my $case (
    [ '短い',      'short',   again => '短い' ],
    [ 'password123456', 'common', again => 'password123456' ],
    [ 'abcdabcdabcd', 'simple', again => 'abcdabcdabcd' ],
    [ $login,     'login',   again => $login ],
    [ 'x' x 30 . $good x 4, 'long', again => '' ],
    [ $good,      'differs', again => "$good." ],
    [ '',         'short' ])
{
    my ($new, $why, %rest) = @$case;
    my $r = $guest->send('/admin/invitation', token => $token, new => $new, %rest);
    is $r->{status}, 422, "refused: $why";
    like $r->{text}, qr/aria-describedby="f-(?:new|again)-hint f-(?:new|again)-error" aria-invalid="true"/,
        'the error belongs to its field';
    unlike $r->{text}, qr/value="\Q$new\E"/, 'nothing is shown again' if $why eq 'long';
}
is $guest->send('/admin/invitation', token => 'x' x 43, new => $good, again => $good)->{status}, 404, 'another token';
$r = $guest->send('/admin/invitation', token => $token, new => $good, again => $good);
is $r->{status}, 303, 'accepted';
like $guest->follow($r)->{text}, qr/パスワードを保存しました。/, 'and told so';
is $guest->get(path_of($link))->{status}, 404, 'the link is used up';
is $guest->send('/admin/invitation', token => $token, new => $good, again => $good)->{status}, 404, 'for forms, too';
$guest->log_in;
is $guest->get('/admin/accounts')->{status}, 403, 'an editor, as invited';
my ($id) = sql("SELECT id FROM kuji.admin WHERE login = '$login'");
is_deeply audit("admin:$id"), [ qq(admin.create {"role": "editor", "invitation": "$invitation"}), 'admin.login {}' ],
    'all of it in the audit log';

# Links that are no good any more.
my $next = unique('next');
$r = $me->send('/admin/accounts', login => $next, role => 'viewer');
my $first = path_of(link_of($r));
my $second = path_of(link_of($me->send('/admin/accounts', login => $next, role => 'staff')));
is $guest->get($first)->{status}, 404, 'a second invitation replaces the first';
is $guest->get($second)->{status}, 200, 'and holds';
($invitation) = sql("SELECT id FROM kuji.admin_invitation WHERE login = '$next' AND revoked_at IS NULL");
is $me->send("/admin/invitations/$invitation/revoke")->{status}, 303, 'revoked';
is $guest->get($second)->{status}, 404, 'so is its link';
is $me->send("/admin/invitations/$invitation/revoke")->{status}, 404, 'once';
$second = path_of(link_of($me->send('/admin/accounts', login => $next, role => 'staff')));
sql("UPDATE kuji.admin_invitation SET created_at = created_at - 259200001, expires_at = expires_at - 259200001 WHERE login = '$next'");
is $guest->get($second)->{status}, 404, 'too old after three days';
is $guest->get('/admin/invitation')->{status}, 404, 'no token at all';

# What cannot be invited.
for my $case ([ '', 'viewer', 422 ], [ 'a b', 'viewer', 422 ], [ 'a:b', 'viewer', 422 ], [ 'x' x 201, 'viewer', 422 ],
    [ 'fine', 'king', 422 ], [ $login, 'viewer', 409 ])
{
    my ($name, $role, $status) = @$case;
    my $r = $me->send('/admin/accounts', login => $name, role => $role);
    is $r->{status}, $status, "no invitation of '" . substr($name, 0, 9) . "' as $role";
    like $r->{text}, qr/id="f-login"[^>]* value="\Q$name\E"/, 'what was typed is there again';
}
$r = $me->send('/admin/accounts', login => '<script>', role => 'viewer');
unlike $r->{text}, qr/<script>/, 'a name is text';

# A new password for an account: its own link.
$r = $me->send("/admin/accounts/$id/invite");
$link = path_of(link_of($r));
is $guest->get('/admin/account')->{status}, 200, 'nothing changes yet';
$r = Kuji::Admin->nobody->get($link);
like $r->{text}, qr/パスワードを決め直す/, 'a link to choose one';
$r = Kuji::Admin->nobody->send('/admin/invitation', token => ($link =~ /token=(.*)/), generated => $made);
is $r->{status}, 303, 'the passphrase that was made';
is $guest->get('/admin/account')->{status}, 303, 'sessions are over';
$guest->{password} = $made;
$guest->log_in;

# Own password.
my $elsewhere = Kuji::Admin->nobody(map { $_ => $guest->{$_} } qw(login password));
$elsewhere->log_in;
my %change = (password => $made, new => $good, again => $good);
is $guest->send('/admin/account/password', %change, password => 'wrong-password-1')->{status}, 422, 'not without the old';
is $guest->send('/admin/account/password', %change, new => 'short', again => 'short')->{status}, 422, 'nor to a bad one';
$r = $guest->send('/admin/account/password', %change);
is $r->{status}, 303, 'changed';
like $guest->follow($r)->{text}, qr/パスワードを変えました。/, 'this session stays';
is $elsewhere->get('/admin/account')->{status}, 303, 'others end';
is $elsewhere->send('/admin/login', login => $login, password => $made)->{status}, 401, 'the old one is no more';
$guest->{password} = $good;

# Role, from the next request on.
my $path = "/admin/accounts/$id";
like $me->follow($me->send("$path/role", role => 'owner'))->{text}, qr/さんの役割を変えました。/, 'another role';
is $guest->get('/admin/accounts')->{status}, 200, 'at once';
is $me->send("$path/role", role => 'king')->{status}, 400, 'no such role';
is $me->send("$path/role", role => 'viewer')->{status}, 303, 'and back';
is $guest->get('/admin/accounts')->{status}, 403, 'at once';
like audit("admin:$id")->[-1], qr/^admin\.role .*"after": \{"role": "viewer".*"before": \{"role": "owner"/, 'before and after';

# Disabled, enabled.
is $me->send("$path/disable")->{status}, 303, 'disabled';
is $guest->get('/admin/account')->{status}, 303, 'out at the next request';
is $guest->send('/admin/login', login => $login, password => $good)->{status}, 401, 'no way in';
is $me->send("$path/invite")->{status}, 404, 'nor by a link';
my $rows = @{ audit("admin:$id") };
$me->send("$path/disable");
is scalar @{ audit("admin:$id") }, $rows, 'twice is once';
is $me->send("$path/enable")->{status}, 303, 'enabled';
$guest->log_in;

# Removed, by its name.
is $me->send("$path/remove", name => 'other')->{status}, 422, 'not by another name';
is $me->send("$path/remove")->{status}, 422, 'nor by none';
is $guest->get('/admin/account')->{status}, 200, 'still there';
$r = $me->send("$path/remove", name => $login);
is $r->{status}, 303, 'removed';
like $me->follow($r)->{text}, qr/さんのアカウントを削除しました。/, 'and told so';
is $guest->get('/admin/account')->{status}, 303, 'out at the next request';
is $me->get($path)->{status}, 404, 'gone';
unlike $me->get('/admin/accounts')->{text}, qr/\Q$login\E/, 'from the list as well';
is sql("SELECT login FROM kuji.admin WHERE id = '$id'"), $login, 'the audit log can still name it';
is $me->send('/admin/accounts', login => $login, role => 'viewer')->{status}, 200, 'the login is free';

# The last owner.
my $alone = Kuji::Admin->new(site => 'second', prefix => '/kuji');
sql("UPDATE kuji.admin a SET role = 'editor' FROM kuji.tenant t
     WHERE t.id = a.tenant_id AND t.name = 'second' AND a.id <> '$alone->{id}'");
my $own = "/kuji/admin/accounts/$alone->{id}";
for my $case ([ role => role => 'viewer' ], [ 'disable' ], [ remove => name => $alone->{login} ]) {
    my ($what, @form) = @$case;
    my $r = $alone->send("$own/$what", @form);
    is $r->{status}, 409, "the last owner: no $what";
    like $r->{text}, qr/最後のオーナー/, 'says why';
}
my $heir = Kuji::Admin->new(site => 'second', prefix => '/kuji');
my @both = parallel(2, sub {
    my ($one, $other) = $_[0] ? ($alone, $heir) : ($heir, $alone);
    return $one->send("/kuji/admin/accounts/$other->{id}/role", role => 'editor')->{status};
});
is sql("SELECT count(*) FROM kuji.admin WHERE role = 'owner' AND NOT disabled AND id IN ('$alone->{id}', '$heir->{id}')"), 1,
    'two who demote each other: one is left';

# Tokens of links stay out of the access log.
unlike slurp_file("$ENV{KUJI_SRC}/t/logs/access_log"), qr/\Q$token\E/, 'no link is logged';

done_testing;
