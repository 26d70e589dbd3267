#!/usr/bin/perl
# kujictl and the key file: made once, checked, rotated in one step and in
# three. A key file is never left half changed, whatever is wrong with the
# arguments, the file or the database.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use JSON::PP ();
use Kuji::Campaign qw(config_of);
use Kuji::Ctl;

my $home = Kuji::Ctl::home();
my $dir  = $home->{dir};
my $keys = $ENV{KUJI_KEYFILE};
my $hex  = qr/[0-9a-f]{64}/;

sub mode_of {
    my ($name) = @_;
    return sprintf '%04o', (stat $name)[2] & 07777;
}

# ---- keys init ----

umask 0;
is works('keys init', 'keys', 'init', $keys), '', 'keys init says nothing';
like slurp($keys), qr/\Akuji-keys 1\nmaster 1 $hex\ncheckpoint $hex\ncookie 1 $hex\n\z/,
    'a key of each kind';
is mode_of($keys), '0600', 'for its owner alone';
my $first = slurp($keys);
refused('a file that is there', 1, qr/cannot be created: File exists/, 'keys', 'init', $keys);
is slurp($keys), $first, 'is left as it was';
symlink "$dir/nowhere", "$dir/link" or die $!;
refused('a link', 1, qr/cannot be created/, 'keys', 'init', "$dir/link");
ok !-e "$dir/nowhere", 'is not followed';
refused('no directory', 1, qr/No such file/, 'keys', 'init', "$dir/none/keys");
refused('no name', 2, qr/missing/, qw(keys init));
works('another', 'keys', 'init', "$dir/other");
isnt slurp("$dir/other"), $first, 'has keys of its own';

# ---- an installation ----

works('database deploy', '--database', $home->conninfo('postgres'), qw(database deploy));
is works('no tenant', qw(key check)), 'the key file opens the keys of all 0 tenants',
    'nothing to check';
works("tenant $_", 'tenant', 'create', $_, "$_.test", $_) for qw(sakura momiji);
put("$dir/campaign.json", JSON::PP->new->utf8->encode(config_of({}, 'kept')));
works('a campaign', qw(campaign create sakura), "$dir/campaign.json");
works('which is published', qw(campaign publish sakura kept));

sub sealed {
    return $home->sql("SELECT encode(data_key, 'hex') FROM kuji.tenant ORDER BY name");
}

# ---- key check ----

my $all = 'the key file opens the keys of all 2 tenants';
is works('key check', qw(key check)), $all, 'key check';
my ($status, $output, $error) = kujictl('--keys', "$dir/other", qw(key check));
is "$status$output", '1', 'another key file';
my $no_key = join '', map { "kujictl: the key file does not open the key of $_\n" }
    qw(momiji sakura);
is $error, $no_key, 'opens nothing, and each is named';
refused('its key check', 2, qr/too many/, qw(key check x));

# What is no key file.
put("$dir/bad", "kuji-keys 1\nmaster 1 00\n");
put("$dir/open", $first);
chmod 0600, "$dir/bad";
chmod 0640, "$dir/open";
symlink $keys, "$dir/linked" or die $!;
for my $case ([ 'none', qr/cannot be opened: No such file/ ], [ 'bad', qr/the key file: / ],
    [ 'open', qr/read or written by others: chmod 600/ ], [ 'linked', qr/cannot be opened/ ],
    [ 'pg', qr/is no file/ ])
{
    my ($file, $why) = @$case;
    refused("key file $file", 1, $why, '--keys', "$dir/$file", qw(key check));
    refused("key file $file, a tenant", 1, $why, '--keys', "$dir/$file",
        qw(tenant create x x.test X));
    refused("key file $file, a rotation", 1, $why, '--keys', "$dir/$file", qw(key rotate));
}
is slurp("$dir/open"), $first, 'none of them was changed';

# With another installation's keys no secret is made or opened.
my $campaigns = 'SELECT slug, status FROM kuji.campaign ORDER BY id';
put("$dir/campaign.json", JSON::PP->new->utf8->encode(config_of({}, 'draft')));
works('a draft', qw(campaign create sakura), "$dir/campaign.json");
refused('publishing with other keys', 1, qr/\S/, '--keys', "$dir/other",
    qw(campaign publish sakura draft));
refused('closing with other keys', 1, qr/\S/, '--keys', "$dir/other",
    qw(campaign close sakura kept --reason early));
refused('codes with other keys', 1, qr/\S/, '--keys', "$dir/other",
    qw(codes generate sakura kept 3));
is $home->sql($campaigns), "kept|published\ndraft|draft", 'both are as they were';
is $home->sql('SELECT (SELECT count(*) FROM kuji.code_batch), (SELECT count(*) FROM kuji.manifest)'),
    '0|1', 'no code, no manifest';

# ---- key rotate: what must not change anything ----

my $sealed = sealed();
sub unchanged {
    my ($name) = @_;
    is slurp($keys), $first, "$name: the key file is as it was";
    is sealed(), $sealed, "$name: so is the database";
    ok !-e "$keys.new", "$name: nothing is left beside it";
    return;
}
refused('both steps', 2, qr/only one of/, qw(key rotate --add-only --reseal-only));
refused('a word', 2, qr/too many/, qw(key rotate now));
refused('a value', 2, qr/--add-only=1 is not/, qw(key rotate --add-only=1));
unchanged('wrong arguments');
{
    local $ENV{KUJI_DATABASE};
    delete $ENV{KUJI_DATABASE};
    refused('rotating what', 2, qr/--database or KUJI_DATABASE/, qw(key rotate));
}
unchanged('no database named');
my $other = slurp("$dir/other");
for my $step ([], ['--reseal-only']) {
    ($status, undef, $error) = kujictl('--keys', "$dir/other", qw(key rotate), @$step);
    is $status, 1, "the keys of others: @$step";
    is $error, $no_key, "the keys of others: @$step: says so";
}
is slurp("$dir/other"), $other, 'are left alone';
unchanged('the keys of others');
$home->{pg}->stop;
refused('rotating without a database', 1, qr/\S/, qw(key rotate));
refused('resealing without a database', 1, qr/\S/, qw(key rotate --reseal-only));
$home->{pg}->start;
unchanged('no database');

# ---- key rotate: in three steps, and in one ----

is works('--add-only', qw(key rotate --add-only)), '', 'the first step says nothing';
like slurp($keys), qr/\Akuji-keys 1\nmaster 2 $hex\n\Q@{[ $first =~ s,.*?\n,,r ]}\E\z/,
    'a new master key in front, the rest as it was';
is mode_of($keys), '0600', 'for its owner alone';
is sealed(), $sealed, 'the database is as it was';
is works('key check', qw(key check)), $all, 'and still opens';
is works('--reseal-only', qw(key rotate --reseal-only)),
    'master key 2 seals the keys of all 2 tenants', 'the last step';
isnt sealed(), $sealed, 'the tenants\' keys are sealed anew';
my $resealed = sealed();
works('--reseal-only again', qw(key rotate --reseal-only));
is sealed(), $resealed, 'changes nothing';

sub without_master {
    my ($id) = @_;
    return put($keys, slurp($keys) =~ s/^master $id .*\n//mr);
}
my $second = slurp($keys);
without_master(1);
is works('key check', qw(key check)), $all, 'the old master key is not needed';
put($keys, $first);
($status) = kujictl(qw(key check));
is $status, 1, 'nor enough';
put($keys, $second);

is works('key rotate', qw(key rotate)), 'master key 3 seals the keys of all 2 tenants',
    'in one step';
without_master($_) for 1, 2;
is works('key check', qw(key check)), $all, 'the third key is enough';
is $home->sql("SELECT count(*) FROM kuji.audit WHERE action = 'tenant.reseal'"), 4,
    'every sealing is in the audit log';
like works('close', qw(campaign close sakura kept --reason early)), qr/"seed":"$hex"/,
    'the seed from before opens';

# ---- a full file, and the last number ----

works("key $_", qw(key rotate --add-only)) for 4 .. 10;
my $full = slurp($keys);
refused('the ninth', 1, qr/the key file is full/, qw(key rotate --add-only));
is slurp($keys), $full, 'the full file is as it was';
without_master($_) for 4 .. 9;
put($keys, slurp($keys) =~ s/^master 10 /master 2147483647 /mr);
my $last = slurp($keys);
refused('no number left', 1, qr/number/, qw(key rotate --add-only));
is slurp($keys), $last, 'the file is as it was';

everything_tried('keys? ');
done_testing;
