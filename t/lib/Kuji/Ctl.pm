# kujictl as an operator runs it, its words noted down, so that a test can say
# which commands and options nobody has tried.
#
#   my $home = Kuji::Ctl::home();    # PostgreSQL and keys of the test's own
#   works('a tenant', qw(tenant create sakura sakura.test Sakura));
#   refused('no such tenant', 1, qr/no tenant/, qw(token list nobody));
#
# SPDX-License-Identifier: Apache-2.0
package Kuji::Ctl;

use strict;
use warnings;
use Exporter 'import';
use File::Temp qw(tempdir);
use Kuji::Cluster ();
use Test::More;

our @EXPORT = qw(everything_tried kujictl put refused slurp works);

my (%tried, @homes);

sub slurp {
    my ($name) = @_;
    open my $file, '<:raw', $name or die "$name: $!";
    local $/;
    return scalar(<$file>) // '';
}

sub put {
    my ($name, $text) = @_;
    open my $file, '>:raw', $name or die "$name: $!";
    print $file $text;
    close $file or die "$name: $!";
    return $name;
}

# kujictl([FILE for its input], words): exit status, output, errors.
sub kujictl {
    my $input = ref $_[0] ? shift->[0] : '/dev/null';
    my @words = @_;
    my ($error, $output) = (File::Temp->new, File::Temp->new);
    my $pid = fork // die "fork: $!";
    if (!$pid) {
        open STDIN,  '<',  $input  or die "$input: $!";
        open STDOUT, '>&', $output or die "dup: $!";
        open STDERR, '>&', $error  or die "dup: $!";
        exec 'kujictl', @words or exit 99;
    }
    waitpid $pid, 0;
    my $status = $? & 127 ? "signal $?" : $? >> 8;
    return ($status, slurp($output), slurp($error));
}

# "campaign stock", and the same with each of its options.
sub note_words {
    my @words = @_;
    shift @words while @words && $words[0] =~ /^--/;
    return if @words < 2;
    my $command = join ' ', splice @words, 0, 2;
    $tried{$_} = 1 for $command, map { "$command $_" }
        map { /^(--[a-z-]+)/ ? $1 : () } @words;
    return;
}

# It does, silently but for its output, which comes back without its end.
sub works {
    my ($name, @words) = @_;
    my ($status, $output, $error) = kujictl(@words);
    is "$status$error", '0', $name;
    note_words(grep { !ref } @words);
    return $output =~ s/\n\z//r;
}

# Exit status and one sentence: of what went wrong (1), or of what is wrong
# with the arguments, with the command's usage below (2).
sub refused {
    my ($name, $status, $why, @words) = @_;
    my ($got, $output, $error) = kujictl(@words);
    is $got, $status, "$name: exit $status";
    like $error, $status == 2
        ? qr/\Akujictl: [^\n]*$why[^\n]*\nusage: kujictl \w+ \w+[^\n]*\n\z/
        : qr/\Akujictl: [^\n]*$why[^\n]*\n\z/, "$name: says why";
    is $output, '', "$name: and nothing else";
    note $error;
    return;
}

# Commands and their options, as --help has them.
sub commands {
    my ($status, $help) = kujictl('--help');
    my ($list) = $help =~ /^commands:\n(.*)\z/ms or die 'no commands';
    my %found;
    for (split /\n/, $list) {
        my ($command, $words) = /^  (\w+ \w+)(.*)$/ or die "strange: $_";
        $found{$command} = [ $words =~ /(--[a-z-]+)/g ];
    }
    return \%found;
}

# Whether all that these commands can do was done: the last test of a file.
# Each is a pattern of how they begin.
sub everything_tried {
    my (@groups) = @_;
    my $commands = commands();
    my $group    = join '|', @groups;
    my @wanted   = grep { /^(?:$group)/ } sort keys %$commands;
    cmp_ok scalar @wanted, '>=', scalar @groups, 'commands there are';
    my @untried = grep { !$tried{$_} } map {
        my $command = $_;
        ($command, map { "$command $_" } @{ $commands->{$command} })
    } @wanted;
    is_deeply \@untried, [], "every command and option of @groups was tried";
    return;
}

# A directory with a cluster, an empty database and a key file; the
# environment says so to kujictl.
sub home {
    my $dir = tempdir('kuji-ctl-XXXXXX', TMPDIR => 1, CLEANUP => 1);
    mkdir "$dir/pg" or die $!;
    my $self = bless {dir => $dir, owner => $$,
        pg => Kuji::Cluster->new(dir => "$dir/pg")}, __PACKAGE__;
    push @homes, $self;
    # A test that is told to stop takes its server along.
    $SIG{INT} = $SIG{TERM} = sub { exit 1 };
    $self->{pg}->sql('CREATE DATABASE kuji', 'postgres');
    $ENV{KUJI_DATABASE} = $self->conninfo('kuji_web');
    $ENV{KUJI_KEYFILE}  = "$dir/keys";
    return $self;
}

sub conninfo {
    my ($self, $user) = @_;
    return "host=$self->{pg}{dir} port=$self->{pg}{port} dbname=kuji user=$user";
}

sub sql {
    my ($self, $statement) = @_;
    return $self->{pg}->sql($statement);
}

# Not in DESTROY: at the very end nothing is said of what goes first.
END {
    local $?;
    $_->{pg}->stop('immediate') for grep { $_->{owner} == $$ } @homes;
}

1;
