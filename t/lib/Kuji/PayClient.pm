# remote/pay.h through its test program, t/remote/pay.c.
#
#   my $pay = Kuji::PayClient->new(driver => 'line_offline', base => $url, …);
#   my $r = $pay->do(begin => id => 'o-1', amount => 100, currency => 'JPY');
#   $r->{end}, $r->{state}, …
#
# SPDX-License-Identifier: Apache-2.0
package Kuji::PayClient;

use strict;
use warnings;
use IPC::Open3 qw(open3);
use Symbol qw(gensym);

# driver, base, version, key, secret, merchant; patience: in ms, 0: theirs.
sub new {
    my ($class, %o) = @_;
    my ($in, $out, $err);
    my $pid = open3($in, $out, undef, 'kuji-remote-pay', $o{driver}, $o{base},
        $o{version} // 'v4', $o{key}, $o{secret}, $o{merchant} // '',
        $o{patience} // 0);
    binmode $in, ':utf8';
    return bless {pid => $pid, in => $in, out => $out, said => ''}, $class;
}

# Sends an operation; `answer` waits for it.
sub send {
    my ($self, $op, %words) = @_;
    print { $self->{in} } join("\t", $op, map {"$_=$words{$_}"} sort keys %words),
        "\n";
    $self->{in}->flush;
    return;
}

sub answer {
    my ($self) = @_;
    my $line = readline($self->{out}) // die 'the program has ended';
    $self->{said} .= $line;
    chomp $line;
    my ($end, @words) = split /\t/, $line, -1;
    return {end => $end, map { split /=/, $_, 2 } @words};
}

sub do { my ($self, @words) = @_; $self->send(@words); return $self->answer }

# All that it ever said, for secrets that must not be in it.
sub said { return $_[0]{said} }

# The program's exit status.
sub end {
    my ($self) = @_;
    close $self->{in};
    $self->{said} .= join '', readline($self->{out});
    waitpid $self->{pid}, 0;
    return $?;
}

1;
