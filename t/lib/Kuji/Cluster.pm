# A PostgreSQL cluster of a test's own, to be killed, stopped and restarted.
# Commits are durable, as in production.
#
# SPDX-License-Identifier: Apache-2.0
package Kuji::Cluster;

use strict;
use warnings;
use Time::HiRes qw(sleep time);

# new(dir => an empty directory, settings => [lines of postgresql.conf])
sub new {
    my ($class, %self) = @_;
    my $self = bless {port => 5432, bin => bindir(), %self}, $class;
    $self->{data} = "$self->{dir}/data";
    quietly("$self->{bin}/initdb", '-D', $self->{data}, '-U', 'postgres',
        '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync',
        '--no-instructions') or die 'initdb failed';
    open my $conf, '>>', "$self->{data}/postgresql.conf" or die $!;
    print $conf "$_\n" for "listen_addresses = ''",
        "unix_socket_directories = '$self->{dir}'", "port = $self->{port}",
        'fsync = on', 'synchronous_commit = on', 'max_connections = 100',
        'client_connection_check_interval = 1000', @{$self->{settings} // []};
    close $conf or die $!;
    $self->start;
    return $self;
}

sub bindir {
    for my $dir (map { "/usr/lib/postgresql/$_/bin" } 17, 16, 15) {
        return $dir if -x "$dir/postgres" && -x "$dir/initdb";
    }
    chomp(my $dir = `pg_config --bindir`);
    return $dir;
}

# Runs a command with nothing of it in the test's output; true on success.
sub quietly {
    my $pid = fork // die $!;
    if (!$pid) {
        open STDOUT, '>', '/dev/null';
        open STDERR, '>&', \*STDOUT;
        exec @_;
        exit 127;
    }
    waitpid $pid, 0;
    return $? == 0;
}

# pg_ctl VERB...
sub ctl {
    my ($self, @words) = @_;
    return quietly("$self->{bin}/pg_ctl", '-D', $self->{data}, '-w', '-t', 60,
        '-l', "$self->{dir}/server.log", @words);
}

# After a kill -9 the last backends may still hold the shared memory.
sub start {
    my ($self) = @_;
    for (1 .. 100) {
        return if $self->ctl('start');
        sleep 0.1;
    }
    die "PostgreSQL does not start, see $self->{dir}/server.log";
}

sub stop {
    my ($self, $mode) = @_;
    return $self->ctl('stop', '-m', $mode // 'fast');
}

sub postmaster {
    my ($self) = @_;
    open my $file, '<', "$self->{data}/postmaster.pid" or return;
    chomp(my $pid = <$file> // '');
    return $pid;
}

# Pids of the cluster's own processes below the postmaster, from /proc: a
# stopped database cannot be asked.
sub processes {
    my ($self) = @_;
    my $postmaster = $self->postmaster // return;
    return children_of($postmaster);
}

sub children_of {
    my ($parent) = @_;
    my @found;
    for my $stat (glob '/proc/[0-9]*/stat') {
        open my $file, '<', $stat or next;
        my $line = <$file> // next;
        my ($pid, $state, $ppid) = $line =~ /^(\d+) \(.*\) (\S) (\d+)/ or next;
        push @found, $pid if $ppid == $parent && $state ne 'Z';
    }
    return @found;
}

# Backends that serve the module.
sub backends {
    my ($self) = @_;
    return grep { $_ } split /\n/, $self->sql(
        "SELECT pid FROM pg_stat_activity WHERE usename = 'kuji_web'");
}

# sql(STATEMENTS): unaligned rows, as text; dies on an error.
sub sql {
    my ($self, $statements, $database) = @_;
    my $out = $self->try_sql($statements, $database);
    die "psql failed: $statements" unless defined $out;
    return $out;
}

sub try_sql {
    my ($self, $statements, $database) = @_;
    my $pid = open(my $out, '-|') // die $!;
    if (!$pid) {
        $self->exec_psql($database, '-c', $statements);
    }
    local $/;
    my $text = <$out> // '';
    return unless close $out;
    $text =~ s|\n\z||;
    return $text;
}

sub exec_psql {
    my ($self, $database, @words) = @_;
    $ENV{PGCONNECT_TIMEOUT} = 5;
    exec "$self->{bin}/psql", '-XqAt', '-v', 'ON_ERROR_STOP=1', '-h',
        $self->{dir}, '-p', $self->{port}, '-U', 'postgres', '-d',
        $database // 'kuji', @words;
    exit 127;
}

# Runs statements beside the test; waitpid the pid that comes back.
sub sql_beside {
    my ($self, $statements) = @_;
    my $pid = fork // die $!;
    if (!$pid) {
        open STDOUT, '>', '/dev/null';
        $self->exec_psql(undef, '-c', $statements);
    }
    return $pid;
}

# After a backend's violent death every other one is ended and the log
# replayed: true when none of these processes is left.
sub wait_gone {
    my ($self, @pids) = @_;
    for (1 .. 600) {
        return 1 unless grep { kill 0, $_ } @pids;
        sleep 0.05;
    }
    return 0;
}

# Seconds until the database answers; undef after the limit.
sub wait_ready {
    my ($self, $limit) = @_;
    my $start = time;
    open my $saved, '>&', \*STDERR;
    open STDERR, '>', '/dev/null';
    my $taken;
    while (!defined $taken && time - $start < ($limit // 60)) {
        $taken = time - $start
            if ($self->try_sql('SELECT 1', 'postgres') // '') eq '1';
        sleep 0.02 unless defined $taken;
    }
    open STDERR, '>&', $saved;
    return $taken;
}

1;
