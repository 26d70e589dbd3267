#!/usr/bin/perl
# The schema deploys, verifies, reverts to nothing, and deploys again to the
# same schema, in a cluster where its roles exist already. Needs a server where
# PGHOST, PGPORT and PGUSER (a superuser) say.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;

my $sql      = ($ENV{KUJI_DATA} || $ENV{KUJI_SRC} || '.') . '/sql';
my $database = "kuji_deploy_$$";
my $port     = $ENV{PGPORT} || 5432;
my $uri      = "db:pg://$ENV{PGUSER}\@/$database?host=$ENV{PGHOST}&port=$port";
$ENV{SQITCH_FULLNAME} = 'test';
$ENV{SQITCH_EMAIL}    = 'test@localhost';

sub run {
    my ($name, @command) = @_;
    my $output = do {
        open my $pipe, '-|', 'sh', '-c', 'cd "$1" && shift && exec "$@" 2>&1', 'sh', $sql, @command or die $!;
        local $/;
        <$pipe>;
    };
    is $? >> 8, 0, $name or diag $output;
    return $output;
}

sub one {
    my ($query) = @_;
    open my $pipe, '-|', 'psql', '-XqAt', '-d', $database, '-c', $query or die $!;
    local $/;
    my $answer = <$pipe>;
    $answer =~ s/\s+\z//;
    return $answer;
}

# Sqitch's registry aside, whose rows have dates.
sub schema {
    open my $pipe, '-|', 'pg_dump', '--schema-only', '--exclude-schema=sqitch', $database or die $!;
    return join '', grep { !/^(?:\\(?:un)?restrict|--)/ } <$pipe>;
}

sub finish { system 'dropdb', '--if-exists', $database }

run('a database of its own', 'createdb', $database);
END { my $status = $?; finish() if $database; $? = $status }

run('deploy', "$sql/deploy.sh", $uri);
is one('SELECT kuji_api.schema_version()'), 5, 'the version answers';
my $first = schema();
like $first, qr/CREATE TABLE kuji\.ledger /, 'a schema to compare';

like run('verify', 'sqitch', 'verify', $uri), qr/Verify successful/, 'every change is verified';
run('deploying twice changes nothing', "$sql/deploy.sh", $uri);
is schema(), $first, 'nothing indeed';

run('revert', 'sqitch', 'revert', '-y', $uri);
is one(q{SELECT count(*) FROM pg_namespace WHERE nspname ~ '^kuji'}), 0, 'no schema of ours is left';
is one(q{SELECT count(*) FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
          WHERE d.datname = current_database()}), 0, 'nor a setting';
is one(q{SELECT count(*) FROM pg_default_acl}), 0, 'nor a default';
is one(q{SELECT count(*) FROM pg_roles WHERE rolname ~ '^kuji_(?:owner|web|read|lookup)$'}), 4,
    'the roles belong to the cluster and stay';

run('deploy again', "$sql/deploy.sh", $uri);
is schema(), $first, 'to the same schema';

done_testing;
