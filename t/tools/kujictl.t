#!/usr/bin/perl
# kujictl on an installation: its schema, tenants, admins and tokens; wrong
# arguments, and a database that is not there. Each effect is looked up in the
# database, and what was refused has left nothing there.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Kuji::Ctl;
use Kuji::Test qw(slurp_file);

my $home = Kuji::Ctl::home();
my $dir  = $home->{dir};
my $keys = $ENV{KUJI_KEYFILE};

# ---- the schema ----

my $as_postgres = '--database=' . $home->conninfo('postgres');
sub deployed {
    return $home->sql(q{SELECT to_regnamespace('kuji') IS NOT NULL});
}
{
    local $ENV{KUJI_DATABASE};
    delete $ENV{KUJI_DATABASE};
    refused('deploy where', 2, qr/--database or KUJI_DATABASE/,
        qw(database deploy));
}
refused('deploy to nonsense', 1, qr/--database: missing "="/,
    qw(--database nonsense database deploy));
refused('deploy with more', 2, qr/too many/, $as_postgres, qw(database deploy x));
is deployed(), 'f', 'nothing so far';
is works('database deploy', $as_postgres, qw(database deploy)), '', 'deploys';
is $home->sql('SELECT kuji_api.schema_version()'), 5, 'the schema is there';
my $changes = $home->sql('SELECT count(*) FROM sqitch.changes');
cmp_ok $changes, '>', 5, 'all its changes';
works('once more', $as_postgres, qw(database deploy));
is $home->sql('SELECT count(*) FROM sqitch.events'), $changes, 'changes nothing';

# ---- tenants ----

works('keys init', 'keys', 'init', $keys);
sub tenants {
    return $home->sql("SELECT string_agg(name, ' ' ORDER BY name) FROM kuji.tenant");
}
my $sakura = works('tenant create', qw(tenant create sakura kuji.example.jp:8443),
    'さくら通り商店街');
is $home->sql('SELECT id, name, host, title, status FROM kuji.tenant'),
    "$sakura|sakura|kuji.example.jp:8443|さくら通り商店街|active", 'its row';
is $home->sql("SELECT actor, action FROM kuji.audit WHERE tenant_id = '$sakura'"),
    'kujictl|tenant.create', 'its line in the audit log';
works('another', qw(tenant create momiji momiji.example Momiji));
for my $case (
    [ 'a name that is taken',  qr/./, qw(sakura other.example Other) ],
    [ 'a host that is taken',  qr/./, qw(other kuji.example.jp:8443 Other) ],
    [ 'a name in capitals',    qr/name/, qw(Other other.example Other) ],
    [ 'a host in capitals',    qr/host/, qw(other Other.example Other) ],
    [ 'no title',              qr/title/, qw(other other.example), '' ],
    [ 'a title of other bytes', qr/UTF-8/, qw(other other.example), "\xe3\x81" ])
{
    my ($name, $why, @words) = @$case;
    refused($name, $name =~ /bytes/ ? 2 : 1, $why, qw(tenant create), @words);
}
is tenants(), 'momiji sakura', 'none of them was made';

# ---- admins ----

sub hash_of {
    my ($login) = @_;
    return $home->sql("SELECT password_hash FROM kuji.admin WHERE login = '$login'");
}
my $made = works('admin create', qw(admin create sakura hanako --role owner));
like $made, qr/^(?:[a-z1-9]{6}-){3}[a-z1-9]{6}$/, 'prints a passphrase';
my $hash = hash_of('hanako');
is crypt($made, $hash), $hash, 'which is the password';
put("$dir/password", "correct horse\nbattery\n");
is works('with a password', qw(admin create sakura taro --role=staff
        --password-file), "$dir/password"), '', 'prints nothing';
is crypt('correct horse', hash_of('taro')), hash_of('taro'), 'the first line';
works('from the input', [ "$dir/password" ],
    qw(admin create sakura jiro --role viewer --password-file -));
is crypt('correct horse', hash_of('jiro')), hash_of('jiro'), 'the first line';
put("$dir/short", "short\n");
put("$dir/empty", '');
put("$dir/long",  'x' x 73 . "\n");
for my $case (
    [ 'no role',           2, qr/--role is needed/, 'x' ],
    [ 'another role',      1, qr/the role must be/, qw(x --role king) ],
    [ 'a login taken',     1, qr/exists/, qw(taro --role owner) ],
    [ 'a login of words',  1, qr/the login must be/, 'a b', '--role=owner' ],
    [ 'a short password',  1, qr/at least 12/, qw(x --role owner --password-file), "$dir/short" ],
    [ 'a long password',   1, qr/at most 72/, qw(x --role owner --password-file), "$dir/long" ],
    [ 'no password',       1, qr/holds no password/, qw(x --role owner --password-file), "$dir/empty" ],
    [ 'no file',           1, qr/cannot be opened/, qw(x --role owner --password-file), "$dir/none" ])
{
    my ($name, $status, $why, @words) = @$case;
    refused($name, $status, $why, qw(admin create sakura), @words);
}
is $home->sql("SELECT string_agg(login || ' ' || role, ', ' ORDER BY login) FROM kuji.admin"),
    'hanako owner, jiro viewer, taro staff', 'none of them was made';

# ---- tokens ----

# What the module asks the database when a request comes with the token.
sub let_in {
    my ($token) = @_;
    return $home->sql('SET ROLE kuji_web; SELECT id, scopes '
        . "FROM kuji_api.token(sha256('$token'))");
}
my $token = works('token create', qw(token create sakura shop --scopes), 'read,draw');
like $token, qr/^kuji_[\w-]{43}$/, 'prints a token';
my ($id) = let_in($token) =~ /^(\d+)\|\{read,draw\}$/;
ok $id, 'which is let in';
my $second = works('another', qw(token create sakura), '店', '--scopes=write');
is works('token list', qw(token list sakura)),
    "$id\tread,draw\tin force\tshop\n" . ($id + 1) . "\twrite\tin force\t店",
    'both are listed';
is works('the other tenant', qw(token list momiji)), '', 'has none';
for my $case (
    [ 'no scopes',      2, qr/--scopes is needed/, qw(create sakura x) ],
    [ 'another scope',  1, qr/scopes must be/, qw(create sakura x --scopes), 'read,rule' ],
    [ 'a scope twice',  1, qr/scopes must be/, qw(create sakura x --scopes), 'read,read' ],
    [ 'no scope',       1, qr/scopes must be/, qw(create sakura x --scopes), '' ],
    [ 'no name',        1, qr/name must be/, qw(create sakura), '', qw(--scopes read) ],
    [ 'no such tenant', 1, qr/no tenant nobody/, qw(create nobody x --scopes read) ],
    [ 'no number',      2, qr/ID must be a number/, qw(revoke sakura), "${id}x" ],
    [ 'no such token',  1, qr/no such token/, qw(revoke sakura 4711) ],
    [ "another's token", 1, qr/no such token/, qw(revoke momiji), $id ])
{
    my ($name, $status, $why, @words) = @$case;
    refused($name, $status, $why, 'token', @words);
}
is $home->sql('SELECT count(*), count(revoked_at) FROM kuji.token'), '2|0',
    'nothing was made, nothing revoked';
is works('token revoke', qw(token revoke sakura), $id), '', 'token revoke';
is let_in($token), '', 'a revoked token is not let in';
isnt let_in($second), '', 'the other is';
like works('token list', qw(token list sakura)), qr/^$id\tread,draw\trevoked\tshop$/m,
    'the list says so';
refused('revoking twice', 1, qr/no such token/, qw(token revoke sakura), $id);
is $home->sql("SELECT count(*) FROM kuji.audit WHERE action = 'token.revoke'"), 1,
    'one line in the audit log';

# What is told once must be told.
SKIP: {
    skip 'no /dev/full', 2 unless -c '/dev/full';
    my $said = qx(kujictl token create sakura full --scopes read 2>&1 >/dev/full);
    is $? >> 8, 1, 'an output that takes nothing: exit 1';
    like $said, qr/\Akujictl: cannot write to the standard output\n\z/, 'says so';
}

# ---- arguments ----

for my $case (
    [ 'a command that is none', qr/no command token steal/, qw(token steal) ],
    [ 'a group that is none',   qr/no command thief create/, qw(thief create) ])
{
    my ($name, $why, @words) = @$case;
    my ($status, $output, $error) = kujictl(@words);
    is "$status$output", '2', $name;
    like $error, $why, "$name: says so";
}
for my $words ([], ['token'], ['--keys'], [qw(--key x token list)], [qw(--database)]) {
    my ($status, $output, $error) = kujictl(@$words);
    is "$status$output", '2', "usage: @$words";
    like $error, qr/\Ausage: kujictl /, "usage: @$words: says so";
}
my ($status, $help) = kujictl('--help');
is $status, 0, '--help';
refused('an argument short',  2, qr/an argument is missing/, qw(tenant create x x.example));
refused('one too many',       2, qr/too many arguments/, qw(token list sakura x));
refused('an unknown option',  2, qr/--fast is not an option/, qw(token list sakura --fast));
refused('no value',           2, qr/--scopes needs a value/, qw(token create sakura x --scopes));
refused('an option as a word', 1, qr/no tenant --fast/, qw(token list -- --fast));
{
    local $ENV{KUJI_KEYFILE};
    delete $ENV{KUJI_KEYFILE};
    refused('no key file', 2, qr/--keys or KUJI_KEYFILE/, qw(tenant create x x.example X));
    works('--keys', '--keys', $keys, qw(token list sakura));
}

# The manual has every command, and no other.
my %manual = map { $_ => 1 } slurp_file("$ENV{KUJI_SRC}/tools/kujictl.1")
    =~ /^\.BI?R? "?((?:keys?|database|tenant|admin|token|campaign|codes|audit|postal|pay) [a-z]+)\b/gm;
is_deeply [ sort keys %manual ], [ sort keys %{ Kuji::Ctl::commands() } ],
    'the manual is complete';

# ---- no database ----

my $rows = 'SELECT (SELECT count(*) FROM kuji.tenant), (SELECT count(*) FROM kuji.admin), '
    . '(SELECT count(*) FROM kuji.token), (SELECT count(*) FROM kuji.audit)';
my $before = $home->sql($rows);
$home->{pg}->stop;
for my $words ([qw(tenant create x x.example X)], [qw(admin create sakura x --role owner)],
    [qw(token create sakura x --scopes read)], ['token', 'revoke', 'sakura', $id + 1],
    [qw(token list sakura)], [qw(key check)])
{
    refused("without a database: @$words[0, 1]", 1, qr/\S/, @$words);
}
($status) = kujictl($as_postgres, qw(database deploy));
is $status, 1, 'without a database: database deploy';
$home->{pg}->start;
is $home->sql($rows), $before, 'nothing of it was done';
isnt let_in($second), '', 'the token is in force';

everything_tried('database ', 'tenant ', 'admin ', 'token ');
done_testing;
