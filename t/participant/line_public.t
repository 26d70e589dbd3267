#!/usr/bin/perl
# KujiRemote Public: a tenant's owner may name this machine as LINE, and it is
# not asked; a log-in ends on a kind page.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use HTTP::Tiny ();
use Kuji::Form ();
use Kuji::LineSite;

my $at   = Kuji::LineSite->new(directives => ['KujiRemote Public']);
my $line = $at->{line};
my $slug = $at->{site}->campaign({ gates => ['line'] });
my $me   = Kuji::Form->new(site => $at->{name});

my $there = $me->get("/login/line?campaign=$slug")->{headers}{location};
my $back  = HTTP::Tiny->new(max_redirect => 0)->get($there)->{headers}{location};
my $r     = $me->get(substr $back, length 'http://fault.test');
is $r->{status}, 503, 'LINE cannot be reached';
like $r->{text}, qr{href="/login/line\?campaign=$slug}, 'and there is a way to try again';
$r = $at->{admin}->send('/admin/line/test');
is $r->{status}, 200, 'nor is a test of the settings a way to look around';
is scalar $line->requests($_), 0, "nobody was asked: $_"
    for qw(/oauth2/v2.1/token /oauth2/v3/token /oauth2/v2.1/certs);

done_testing;
