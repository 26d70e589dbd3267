#!/usr/bin/perl
# The tokens in LIFF's first address, and what is shown to us, reach no log:
# neither the shipped format's, nor the error log where all is told that can be,
# nor what it adds to its lines of where the client came from.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use HTTP::Tiny ();
use IO::Socket::INET ();
use Kuji::LineSite;
use Kuji::Test qw(slurp_file);

chomp(my $modules = `apxs -q LIBEXECDIR`);
my $shipped = slurp_file("$ENV{KUJI_SRC}/conf/log.conf") =~ s{CustomLog logs/}{CustomLog }r;
my $at = Kuji::LineSite->new(servers => 1, threads => 16, directives => [
    "<IfModule !log_config_module>\nLoadModule log_config_module \"$modules/mod_log_config.so\"\n</IfModule>",
    $shipped, 'LogLevel debug kuji:trace8' ]);
my $site = $at->{site};
my $slug = $site->campaign({ gates => ['line'] });
is $at->settings(liff => '1657000001-AbcdEfgh')->{status}, 303, 'a LIFF app';

my $secret = "SECRETTOKEN$$";
my $query  = join '&', map { "$_=$secret" } qw(access_token context_token feature_token id_token liff.referrer);
my $from   = "http://fault.test/liff/$slug?$query";

sub ask {
    my ($method, $path, $body, %headers) = @_;
    return HTTP::Tiny->new(max_redirect => 0, timeout => 30)->request($method, "http://127.0.0.1:$site->{port}$path",
        { headers => { Referer => $from, %headers }, defined $body ? (content => $body) : () });
}

for my $path ('/liff', "/liff/$slug") {
    my $r = ask(GET => "$path?$query");
    is $r->{status}, 200, $path;
    is $r->{headers}{'referrer-policy'}, 'strict-origin', "$path: tells nobody more than the host";
}
is ask(GET => "/liff/no-such-one?$query")->{status}, 404, 'no campaign';
is ask(POST => "/liff?$query", 'x')->{status}, 405, 'another method';
is ask(GET => "/k/$slug?$query")->{status}, 200, 'a page after it';
is ask(GET => "/login/line/callback?code=$secret&state=$secret")->{status}, 400, 'an answer that nobody asked for';
is ask(POST => '/liff/session', qq({"campaign":"$slug","once":"$secret","id_token":"$secret","access_token":"$secret"}),
    'Content-Type' => 'application/json', 'Sec-Fetch-Site' => 'same-origin')->{status}, 409, 'a page that was not shown';
is ask(POST => '/hooks/line', qq({"events":[],"x":"$secret"}), 'X-Line-Signature' => 'A' x 43 . '=')->{status}, 403,
    'a webhook that nobody has signed';
for my $rest ("HTTP/1.1\r\n\r\n", "HTTP/1.1\r\nHost: a b\r\n\r\n", "HTTP/1.1\r\nHost: x\r\nbad line\r\n\r\n") {
    my $socket = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$site->{port}") or die $@;
    print $socket "GET /liff?$query $rest";
    like scalar <$socket>, qr{^HTTP/1\.1 400 }, 'what httpd refuses by itself';
}
$site->stop('WINCH'); # all is written then

my $errors = slurp_file("$site->{dir}/error_log");
unlike $errors, qr/\Q$secret\E/, 'the error log has none of it';
like $errors, qr/\[\w+:(?:debug|trace\d)\]/, 'though all is told';
like $errors, qr/KJ0602.*referer: http:\/\/fault\.test\/liff\/\Q$slug\E\?access_token=\*\*\*&/, 'and where it came from';
my $access = slurp_file("$site->{dir}/access_log");
unlike $access, qr/\Q$secret\E|[?]/, 'nor has the access log';
like $access, qr{"GET /liff/\Q$slug\E HTTP/1\.1" 200}, 'though the request';

done_testing;
