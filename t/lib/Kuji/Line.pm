# A stand-in of LINE's servers (t/lib/line/server.py), of a test's own.
#
#   my $line = Kuji::Line->new;
#   $line->fault('/oauth2/v2.1/token', 'drop_after');
#   my $url = $line->url('/oauth2/v2.1/token');
#
# SPDX-License-Identifier: Apache-2.0
package Kuji::Line;

use strict;
use warnings;
use File::Basename qw(dirname);
use HTTP::Tiny ();
use JSON::PP   ();

my $json = JSON::PP->new->utf8->canonical;
my @all;

# Debian's own Python has Debian's python3-cryptography.
my $python = '/usr/bin/python3';

sub new {
    my ($class, %o) = @_;
    my $server = dirname(__FILE__) . '/../line/server.py';
    my $pid = open my $out, '-|', $python, $server, $o{port} // 0
        or die "the stand-in: $!";
    my ($port) = (<$out> // '') =~ /^ready (\d+)/ or die 'no stand-in of LINE';
    my $self = bless {pid => $pid, out => $out, port => $port, owner => $$,
        http => HTTP::Tiny->new(timeout => 10)}, $class;
    push @all, $self;
    return $self;
}

sub url { my ($self, $path) = @_; return "http://127.0.0.1:$self->{port}$path" }

# What POST /_control answers.
sub control {
    my ($self, %what) = @_;
    my $answer = $self->{http}->post($self->url('/_control'),
        {content => $json->encode(\%what)});
    die "the stand-in: $answer->{content}" unless $answer->{success};
    return $json->decode($answer->{content});
}

# fault(PATH, KIND, times => N, seconds => S, status => N, body => TEXT,
#     headers => {})
sub fault {
    my ($self, $path, $kind, %more) = @_;
    $self->control(fault => {path => $path, kind => $kind, %more});
    return;
}

sub set { my ($self, %set) = @_; $self->control(set => \%set); return }

sub clear { my ($self) = @_; $self->control(clear => JSON::PP::true); return }

# What a fault "hold" holds goes on.
sub release { my ($self) = @_; $self->control(release => JSON::PP::true); return }

sub show {
    my ($self) = @_;
    return $json->decode($self->{http}->get($self->url('/_control'))->{content});
}

# The requests of one path since the last clear.
sub requests {
    my ($self, $path) = @_;
    return grep { $_->{path} eq $path } @{ $self->show->{requests} };
}

sub stop {
    my ($self) = @_;
    my $pid = delete $self->{pid} or return;
    kill 'KILL', $pid;
    close $self->{out};
    return;
}

END {
    local $?;
    $_->stop for grep { $_->{owner} == $$ } @all;
}

1;
