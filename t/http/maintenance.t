#!/usr/bin/perl
# KujiMaintenance: participants and programs are sent away for a while, kindly
# and with nothing done; the console and the machines' addresses go on.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Encode qw(decode_utf8);
use HTTP::Tiny ();
use JSON::PP   ();
use Test::More;
use Kuji::Site;

my $site = Kuji::Site->new(threads => 16, directives => ['KujiMaintenance On']);
my $slug = $site->campaign;
my $base = "http://127.0.0.1:$site->{port}";
my $me   = HTTP::Tiny->new(max_redirect => 0);

sub closed {
    my ($r, $what) = @_;
    is $r->{status}, 503, "$what: 503";
    like $r->{headers}{'retry-after'}, qr/^\d+$/, "$what: says when";
    is $r->{headers}{'cache-control'}, 'no-store', "$what: kept by nobody";
    return;
}
sub html { return { headers => { Accept => 'text/html' } } }
for my $path ("/k/$slug", "/k/$slug/me", '/', '/nowhere') {
    my $r = $me->get("$base$path", html());
    closed($r, $path);
    like decode_utf8($r->{content}), qr/ただいまメンテナンス中です/, "$path: says why";
}
closed($me->post_form("$base/k/$slug/draw", { key => 'k', consent => 'yes' }, html()), 'a press');
my $r = $me->post("$base/api/v1/campaigns/$slug/draws", { content => '{"participant": "a"}', headers => {
    Authorization => "Bearer $site->{token}", 'Idempotency-Key' => 'a', 'Content-Type' => 'application/json' } });
closed($r, 'a program');
is JSON::PP::decode_json($r->{content})->{type}, '/problems/maintenance', 'told as a problem';
is $me->get("$base$_")->{status}, 200, "$_ goes on" for '/admin/login', '/healthz', '/readyz';
my $html = $me->get("$base/k/$slug", html())->{content};
my ($sheet) = $html =~ m{href="(/assets/[^"]+[.]css)"};
is $me->get("$base$sheet")->{status}, 200, 'and what the page is made of';
is $site->{pg}->sql("SELECT next_n FROM kuji.campaign WHERE slug = '$slug'"), 1, 'nothing was drawn';

done_testing;
