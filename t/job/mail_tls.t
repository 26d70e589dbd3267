#!/usr/bin/perl
# A mail server that is not to be trusted, has no TLS, or does not know the
# password: mails wait, nothing goes in the clear, the log says why and never the
# password; once it is put right they go.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use HTTP::Tiny ();
use Kuji::Mail;
use Kuji::Site ();
use Time::HiRes qw(sleep time);

my $password = "hush-$$-" . int rand 1e9;
my %server   = (
    untrusted => Kuji::Mail->new(tls => 'starttls', login => "kuji:$password"),
    bare      => Kuji::Mail->new,
    locked    => Kuji::Mail->new(login => "kuji:$password"),
);
my $site = Kuji::Site->new(directives => ['KujiMailServer smtp://127.0.0.1:9 Plain', 'KujiMailFrom kuji@mail.test']);
my $login = "$site->{dir}/mail-login";
my $slug  = $site->campaign({ gates => ['email'], odds_total => 1,
    prizes => [ { code => 'A', units => 10, weight => 1, kind => 'message' } ] });
my $asked = 0;

sub write_login {
    my ($text) = @_;
    open my $file, '>', $login or die $!;
    chmod 0600, $login;
    print $file "kuji\n$text\n";
    close $file;
    return;
}

sub sql { return scalar $site->{pg}->sql($_[0], 'kuji') }

# Restarts httpd with this server, and asks for a code: its row, once it has
# come to something.
sub outcome {
    my ($server, $word, $want) = @_;
    $site->stop;
    $site->{directives} = [ "KujiMailServer smtp://127.0.0.1:$server->{port} $word", 'KujiMailFrom kuji@mail.test',
        "KujiMailLogin $login" ];
    $site->start;
    sql("UPDATE kuji.outbox SET due_at = 0 WHERE state = 'queued'");
    my $r = HTTP::Tiny->new(max_redirect => 0)->post_form("http://127.0.0.1:$site->{port}/k/$slug/mail",
        [ address => 'taro-' . ++$asked . '@example.com' ], { headers => { 'Sec-Fetch-Site' => 'same-origin' } });
    die "$r->{status} $r->{content}" if $r->{status} != 303;
    my ($end, $rows) = (time + 30, '');
    while (time < $end) {
        $rows = sql("SELECT coalesce(string_agg(DISTINCT state || coalesce(' ' || reason, ''), ', '), '') FROM kuji.outbox");
        return $rows if $rows =~ $want;
        sleep 0.2;
    }
    return $rows;
}

write_login($password);
like outcome($server{untrusted}, 'StartTLS', qr/queued certificate/), qr/^queued certificate$/, 'not trusted: it waits';
like outcome($server{bare}, 'StartTLS', qr/queued no tls/), qr/queued no tls/, 'no STARTTLS: it waits';
write_login('wrong-' . $password);
like outcome($server{locked}, 'Plain', qr/queued 535/), qr/queued 535 5\.7\.8/, 'a wrong password: it waits';
is sql("SELECT count(*) FROM kuji.outbox WHERE state <> 'queued'"), 0, 'nothing is lost or given up';
is scalar(map { $_->all } values %server), 0, 'nobody has a mail';
unlike $server{untrusted}->wire . $server{bare}->wire, qr/AUTH|MAIL|RCPT|example/, 'or was told of one in the clear';

write_login($password);
like outcome($server{locked}, 'Plain', qr/^sent$/), qr/^sent$/, 'put right: all are sent';
is scalar($server{locked}->all), $asked, 'each once';

my $log = $site->errors;
like $log, qr/KJ0403: the mail server takes nothing: \Q$_\E/, "the log says why: $_" for 'certificate', 'no tls', '535 5.7.8';
unlike $log, qr/\Q$password\E|example\.com/, 'and neither password nor address';
unlike sql('SELECT string_agg(reason, \' \') FROM kuji.outbox') // '', qr/\Q$password\E/, 'nor do the reasons';

done_testing;
