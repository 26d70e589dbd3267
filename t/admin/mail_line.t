#!/usr/bin/perl
# The console's page of mails where there is no mail server: it says what is
# missing to a campaign that needs it, and to no other.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Kuji::LineSite;

binmode Test::More->builder->$_, ':encoding(UTF-8)' for qw(output failure_output);

my $at = Kuji::LineSite->new(servers => 1, threads => 16);
my @prize = (odds_total => 2, prizes => [ { code => 'A', name => '米', kind => 'parcel', units => 9, weight => 1 } ]);
my %slug = (
    line  => $at->{site}->campaign({ gates => ['line'], @prize }),
    both  => $at->{site}->campaign({ gates => ['line'], claim_fields => [ 'name', 'mail' ], @prize }),
    claim => $at->{site}->campaign({ gates => ['open'], claim_fields => [ 'name', 'mail' ], @prize }),
    none  => $at->{site}->campaign({ gates => ['open'], @prize }),
);
my %hints = (
    server => 'メールサーバーが設定されていないため、メールは送られません。',
    bot    => 'LINEの公式アカウントが設定されていないため、LINEのお知らせは送られません。',
    alone  => 'お知らせをメールではなくLINEで送ります。',
    none   => 'いまはどのメールも送られません。',
);

sub hints {
    my ($slug, $who) = @_;
    my $r = ($who // $at->{admin})->get("/admin/campaigns/$slug{$slug}/mail");
    return join ' ', $r->{status}, grep { $r->{text} =~ /\Q$hints{$_}\E/ } sort keys %hints;
}

is hints('line'),  '200 alone',  'all by LINE: no mail server is missing';
is hints('both'),  '200 server', 'LINE, and an address with the claim';
is hints('claim'), '200 server', 'an address with the claim';
is hints('none'),  '200 none',   'nobody can be told';

is $at->settings(bot => '', bot_secret => '')->{status}, 303, 'no official account';
is hints('line'), '200 alone bot',  'that is what is missing';
is hints('both'), '200 bot server', 'or both are';
is hints('claim'), '200 server', 'which is nothing to who needs none';
like $at->{admin}->get("/admin/campaigns/$slug{line}/mail")->{text}, qr{<a href="/admin/line">公式アカウントを設定する}, 'an owner may see to it';

# What was bounced is told of as mail where there is mail.
$at->sql(qq{INSERT INTO kuji.outbox (campaign_id, tenant_id, kind, n, created_at, due_at, expires_at, ended_at, state,
    reason, channel) SELECT id, tenant_id, 'win', 1, 1, 1, 2, 2, 'bounced', 'not a friend', 'line' FROM kuji.campaign
    WHERE slug IN ('$slug{line}', '$slug{both}')});
my $refused = qr/相手のメールサーバーが受け取りを断った/;
unlike $at->{admin}->get("/admin/campaigns/$slug{line}/mail")->{text}, $refused, 'no mail server has refused a message';
like $at->{admin}->get("/admin/campaigns/$slug{both}/mail")->{text}, $refused, 'one may have refused a mail';

done_testing;
