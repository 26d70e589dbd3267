# The tests' mail server (t/lib/smtpd.py): the one that the tests' httpd sends
# to, or one of a test's own.
#
#   my @mails = mails('taro@example.com', 1);    # waits for so many
#   my $mail  = $mails[0];   # {to, headers, body}
#
#   my $server = Kuji::Mail->new;                # $server->{port}
#   $server->mails(…);
#
# SPDX-License-Identifier: Apache-2.0
package Kuji::Mail;

use strict;
use warnings;
use Exporter 'import';
use File::Temp ();
use JSON::PP   ();
use POSIX      ();
use Time::HiRes qw(sleep time);

our @EXPORT = qw(code_of mails);

my @servers;

sub new {
    my ($class) = @_;
    my $dir  = File::Temp::tempdir('kuji-mail-XXXXXX', TMPDIR => 1, CLEANUP => 1);
    my $self = bless { dir => $dir, owner => $$ }, $class;
    push @servers, $self;
    $self->start;
    return $self;
}

sub start {
    my ($self) = @_;
    defined($self->{pid} = fork) or die $!;
    if (!$self->{pid}) {
        open STDOUT, '>', '/dev/null';
        open STDERR, '>>', "$self->{dir}/log";
        { exec 'python3', "$ENV{KUJI_SRC}/t/lib/smtpd.py", $self->{dir}, $self->{port} // 0 }
        POSIX::_exit(1);
    }
    for (1 .. 200) {
        last if -s "$self->{dir}/port";
        sleep 0.05;
    }
    open my $file, '<', "$self->{dir}/port" or die 'the mail server does not start';
    $self->{port} = <$file>;
    return;
}

sub stop {
    my ($self) = @_;
    my $pid = delete $self->{pid} // return;
    kill 'KILL', $pid;
    waitpid $pid, 0;
    unlink "$self->{dir}/port";
    return;
}

END {
    local $?;
    $_->stop for grep { $_->{owner} == $$ } @servers;
}

# ask(NAME, TEXT): away or pause; without a text: no more.
sub ask {
    my ($self, $name, $text) = @_;
    return unlink "$self->{dir}/$name" if !defined $text;
    open my $file, '>', "$self->{dir}/$name" or die $!;
    print $file $text;
    return close $file;
}

sub all {
    my ($self) = @_;
    my $dir = ref $self ? $self->{dir} : "$ENV{KUJI_SCRATCH}/mail";
    my @all;
    for my $name (sort glob "$dir/*.json") {
        open my $file, '<:raw', $name or next;
        local $/;
        push @all, JSON::PP->new->utf8->decode(<$file>);
    }
    return @all;
}

# All mails to an address so far, once there are $count, or after 20 seconds.
sub to {
    my ($self, $address, $count, $seconds) = @_;
    my $end = time + ($seconds // 20);
    my @found;
    do {
        sleep 0.1;
        @found = grep { !defined $address || $_->{to}[0] eq $address } all($self);
    } while (@found < ($count // 1) && time < $end);
    return @found;
}

sub mails {
    my ($address, $count, $seconds) = @_;
    return to(__PACKAGE__, $address, $count, $seconds);
}

# The six digits and the link of a mail.
sub code_of {
    my ($mail) = @_;
    return ($mail->{body} =~ /\b([0-9]{6})\b/, $mail->{body} =~ m{^(https?://\S+)$}m);
}

1;
