#!/usr/bin/perl
# A draw in WebKit, through its WebDriver spoken over plain HTTP: the page, the
# button, the reveal, the card.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use HTTP::Tiny ();
use IO::Socket::INET ();
use JSON::PP ();
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);
use Kuji::Test;

my ($driver)  = grep { -x } $ENV{WEBKIT_DRIVER} // (), '/usr/bin/WebKitWebDriver';
my ($browser) = grep { -x } $ENV{WEBKIT_BROWSER} // (),
    glob '/usr/lib/*/webkit2gtk-4.[01]/MiniBrowser';
plan skip_all => 'no webkit2gtk-driver' if !$driver || !$browser;
my ($xvfb) = grep { -x } '/usr/bin/xvfb-run';
plan skip_all => 'no xvfb' if !$xvfb;

my $json = JSON::PP->new->utf8;
my $http = HTTP::Tiny->new(timeout => 60);
my $port = do {
    my $socket = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1') or die $!;
    $socket->sockport;
};

# In a process group of its own, so that the browser goes with it.
my $pid = fork // die "fork: $!";
if (!$pid) {
    setpgrp;
    $ENV{WEBKIT_DISABLE_COMPOSITING_MODE} = 1;
    # Its own sandbox asks for name spaces that a container may not give.
    $ENV{WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS} = 1;
    open STDERR, '>', "$ENV{KUJI_SCRATCH}/webkit.log" or die $!;
    open STDOUT, '>&', \*STDERR or die $!;
    exec $xvfb, '-a', '-s', '-screen 0 390x844x24', $driver, "--port=$port" or POSIX::_exit(127);
}

my $session;
END {
    my $code = $?;
    if ($pid) {
        ask('DELETE', '') if $session;
        kill 'TERM', -$pid;
        waitpid $pid, 0;
    }
    $? = $code;
}

sub ask {
    my ($method, $path, $body) = @_;
    my $url = "http://127.0.0.1:$port/session" . ($session ? "/$session" : '') . $path;
    my $r = $http->request($method, $url,
        { headers => { 'Content-Type' => 'application/json' },
            $method eq 'POST' ? (content => $json->encode($body // {})) : () });
    return eval { $json->decode($r->{content})->{value} };
}

sub script { return ask('POST', '/execute/sync', { script => $_[0], args => [] }) }

# Until it is true, or half a minute has gone.
sub wait_for {
    my ($what) = @_;
    my $until = time + 30;
    my $found;
    sleep 0.2 while !($found = script("return $what")) && time < $until;
    return $found;
}

for (1 .. 100) {
    last if ($http->get("http://127.0.0.1:$port/status")->{status} // 0) == 200;
    sleep 0.2;
}
my $begun = ask('POST', '', { capabilities => { alwaysMatch => {
    'webkitgtk:browserOptions' => { binary => $browser, args => ['--automation'] } } } });
$session = $begun->{sessionId};
BAIL_OUT('WebKit does not start: ' . $json->encode($begun)) if !$session;
diag "$begun->{capabilities}{browserName} $begun->{capabilities}{browserVersion}";

my $slug = campaign({ title => '秋の大福引', reveal => 'garapon', prizes => [
    { code => 'A', grade => '一等', name => '温泉ペア宿泊券', units => 1000, weight => 1_000_000 } ] });
ask('POST', '/url', { url => site_url("first") . "/k/$slug" });
is script('return document.querySelector("h1").innerText'), '秋の大福引', 'the page';
script('const box = document.getElementById("consent"); if (box) box.checked = true;
    document.querySelector("button[form=draw]").click()');
ok wait_for('/\/draws\/\d+$/.test(location.pathname)'), 'drawn: at the result';
ok wait_for('document.querySelector(".outcome.revealed, .outcome:not(.reveal)")'), 'the reveal ends';
is script('return document.querySelector(".outcome-title").innerText'), '温泉ペア宿泊券', 'the prize';
is script('return getComputedStyle(document.querySelector(".outcome-card")).visibility'), 'visible', 'is seen';
my $where = script('return location.pathname');
ask('POST', '/refresh');
ok wait_for('document.readyState === "complete"'), 'again';
is script('return location.pathname'), $where, 'the same page';
is script('return document.querySelectorAll(".outcome.reveal").length'), 0, 'and no reveal';

done_testing;
