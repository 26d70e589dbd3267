#!/usr/bin/perl
# A mail server with TLS and log-in: by STARTTLS or from the first byte, trusted
# or not, with the right password or another; nothing ever goes in the clear that
# should not.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Kuji::Mail;

my $count = 0;

# What came of one mail, and what of it the server has.
sub sends {
    my ($server, $scheme, %o) = @_;
    my $to = 'taro-' . ++$count . '@example.com';
    local %ENV = (%ENV, map { ("KUJI_$_" => $o{$_}) } grep { defined $o{$_} } qw(CA USER PASSWORD));
    open my $out, '-|', 'kuji-remote-mail', "$scheme://127.0.0.1:$server->{port}", $to, $o{word} // () or die $!;
    chomp(my $said = <$out>);
    my ($mail) = grep { $_->{to}[0] eq $to } $server->all;
    return ($said, $mail);
}

sub clear_commands {
    my ($server) = @_;
    return join ' ', map { /^(\w+)/ ? uc $1 : '?' } split /\r\n/, $server->wire;
}

my %login = (USER => 'kuji', PASSWORD => 'opensesame');

# STARTTLS.
my $server = Kuji::Mail->new(tls => 'starttls', login => 'kuji:opensesame');
my ($said, $mail) = sends($server, 'smtp', word => 'StartTLS', CA => $server->cert, %login);
like $said, qr/^sent 250/, 'by STARTTLS, logged in';
ok $mail->{tls}, 'encrypted';
ok $mail->{login}, 'by who has the password';
is clear_commands($server), 'EHLO STARTTLS', 'nothing else went in the clear';
($said, $mail) = sends($server, 'smtp', word => 'StartTLS', %login);
is $said, 'away certificate', 'a certificate that nobody has signed';
is $mail, undef, 'nothing is sent';
($said, $mail) = sends($server, 'smtp', word => 'StartTLS', CA => $server->cert, %login, PASSWORD => 'sesame');
is $said, 'away 535 5.7.8', 'a wrong password';
is $mail, undef, 'nothing is sent';
($said, $mail) = sends($server, 'smtp', word => 'StartTLS', CA => $server->cert);
like $said, qr/^\w+ 530 5\.7\.0$/, 'no log-in where one is needed';
is $mail, undef, 'nothing is sent';
unlike $server->wire, qr/AUTH|MAIL|RCPT|opensesame|sesame|taro/, 'neither password nor address went in the clear';
is clear_commands($server), join(' ', ('EHLO STARTTLS') x 4), 'four times';

# Asked for, but the server has none.
my $plain = Kuji::Mail->new;
($said, $mail) = sends($plain, 'smtp', word => 'StartTLS', %login);
is $said, 'away no tls', 'a server without STARTTLS';
is $mail, undef, 'nothing is sent';
unlike $plain->wire, qr/AUTH|MAIL|RCPT/, 'nor said';
($said, $mail) = sends($plain, 'smtp', word => 'Plain');
like $said, qr/^sent 250/, 'unless it is told to: then it goes';
ok !$mail->{tls}, 'in the clear';

# TLS from the first byte.
my $smtps = Kuji::Mail->new(tls => 'smtps', login => 'kuji:opensesame');
($said, $mail) = sends($smtps, 'smtps', CA => $smtps->cert, %login);
like $said, qr/^sent 250/, 'by smtps, logged in';
ok $mail->{tls} && $mail->{login}, 'encrypted';
is +(sends($smtps, 'smtps', %login))[0], 'away certificate', 'smtps: a certificate that nobody has signed';
is +(sends($smtps, 'smtps', CA => $server->cert, %login))[0], 'away certificate', "or another's";
is +(sends($smtps, 'smtps', CA => $smtps->cert, %login, PASSWORD => 'x'))[0], 'away 535 5.7.8', 'a wrong password';
is $smtps->wire, '', 'not a byte in the clear';
is +(sends($plain, 'smtps', CA => $smtps->cert))[0], 'away no answer', 'smtps to a server without TLS';
is scalar($smtps->all), 1, 'one mail in all';

done_testing;
