# The tests' mail server (t/lib/smtpd.py): the one that the tests' httpd sends
# to, or one of a test's own.
#
#   my @mails = mails('taro@example.com', 1);    # waits for so many
#   my $mail  = $mails[0];   # {to, headers, body}
#
#   my $server = Kuji::Mail->new;                # $server->{port}
#   $server->mails(…);
#   Kuji::Mail->new(tls => 'starttls', login => 'user:password');
#   $server->wire;      # what came in the clear; $server->cert: to be trusted
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
    my ($class, %o) = @_;
    my $dir  = File::Temp::tempdir('kuji-mail-XXXXXX', TMPDIR => 1, CLEANUP => 1);
    my $self = bless { dir => $dir, owner => $$, tls => 'none', login => '', %o }, $class;
    push @servers, $self;
    $self->certify if $self->{tls} ne 'none';
    $self->start;
    return $self;
}

sub start {
    my ($self) = @_;
    defined($self->{pid} = fork) or die $!;
    if (!$self->{pid}) {
        open STDOUT, '>', '/dev/null';
        open STDERR, '>>', "$self->{dir}/log";
        { exec 'python3', "$ENV{KUJI_SRC}/t/lib/smtpd.py", $self->{dir}, $self->{port} // 0,
            $self->{tls}, $self->{login} }
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

# A certificate that nobody knows, for this address.
sub certify {
    my ($self) = @_;
    my $dir = $self->{dir};
    qx(openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=mail.test -addext subjectAltName=IP:127.0.0.1 \\
        -config /etc/ssl/openssl.cnf -batch -keyout $dir/key.pem -out $dir/cert.pem 2>>$dir/log);
    die 'openssl req' if $?;
    return;
}

sub cert { return "$_[0]{dir}/cert.pem" }

sub wire {
    my ($self) = @_;
    open my $file, '<', "$self->{dir}/wire" or return '';
    local $/;
    return <$file>;
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
