#!/usr/bin/perl
# A winner whom LINE does not reach is mailed instead, where an address is known:
# from the other gate, or with the claim. Of the two ways one alone reaches them.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Kuji::LineSite;
use Kuji::Mail;
use Kuji::Winner;
use Time::HiRes qw(sleep time);

my $server = Kuji::Mail->new;
my $at     = Kuji::LineSite->new(servers => 1, threads => 32, directives => [
    "KujiMailServer smtp://127.0.0.1:$server->{port}", 'KujiMailFrom kuji@mail.test' ]);
my ($site, $line) = @$at{qw(site line)};
my $push = '/v2/bot/message/push';

sub campaign_of {
    my (%more) = @_;
    return $site->campaign({ gates => [ 'line', 'email' ], odds_total => 1, claim_days => 30,
        prizes => [ { code => 'A', units => 1000, weight => 1, kind => 'message' } ], %more });
}

# Passes the e-mail gate.
sub confirm {
    my ($me, $slug, $address) = @_;
    my $r = Kuji::Admin::send($me, "/k/$slug/mail", address => $address);
    my ($c) = ($r->{headers}{location} // '') =~ /c=(\S+)/ or die "$r->{status} $r->{content}";
    my ($mail) = $server->to($address, 1);
    my ($code) = code_of($mail);
    Kuji::Admin::send($me, "/k/$slug/mail/code", challenge => $c, code => $code);
    return;
}

sub draw {
    my ($me, $slug) = @_;
    my $r = $me->post($slug, $me->form($slug));
    ($me->{n}) = ($r->{headers}{location} // '') =~ m{/draws/(\d+)$} or die "no draw: $r->{status} $r->{content}";
    return $me;
}

# "kind:channel:state …" of a draw's messages, once they look like that.
sub rows {
    my ($slug, $n, $want) = @_;
    my ($rows, $end) = ('', time + 60);
    do {
        $rows = $at->sql("SELECT coalesce(string_agg(o.kind || ':' || o.channel || ':' || o.state, ' ' ORDER BY o.kind), '')
            FROM kuji.outbox o JOIN kuji.campaign c ON c.id = o.campaign_id WHERE c.slug = '$slug' AND o.n = $n");
        return $rows if $rows eq $want;
        sleep 0.1;
    } while (time < $end);
    return $rows;
}

sub pushed { my ($user) = @_; my $sub = $at->sub_of($user); return scalar grep { ($_->{to} // '') eq $sub } @{ $line->show->{sent} } }

# The mails of wins that an address has had; the first one is the code.
sub wins_to { my ($address) = @_; return scalar grep { $_->{headers}{subject} =~ /ご当選/ } $server->to($address, 0) }

# ---- both gates, in either order: no friend, so mailed ----
my $slug = campaign_of();
{
    $at->join($slug, 'alice');
    my $me = $at->{people}{alice};
    confirm($me, $slug, 'alice@example.com');
    draw($me, $slug);
    is rows($slug, $me->{n}, 'win:mail:sent'), 'win:mail:sent', 'LINE, then an address: mailed';
    is wins_to('alice@example.com'), 1, 'once';
    is pushed('alice'), 0, 'and not pushed';
    my ($mail) = grep { $_->{headers}{subject} =~ /ご当選/ } $server->to('alice@example.com', 2);
    like $mail->{body}, qr{^http://fault\.test/k/\Q$slug\E/}m, 'with the way to the prize';
    my $held = $me->get("/k/$slug/me/data.json")->{json};
    is_deeply [ map { "$_->{channel} $_->{kind} $_->{state}" } @{ $held->{mails} } ], ['mail win sent'], 'which she sees';
    is scalar @{ $held->{mail_addresses} }, 1, 'her address once';
    like $me->get("/k/$slug/me/data")->{text}, qr{当選のお知らせ <a [^>]*>No\. \d+</a></p>}, 'in words';
}
{
    my $me = Kuji::Form->new(site => $at->{name});
    confirm($me, $slug, 'bob@example.com');
    $line->set('login.user' => 'bob');
    $at->there_and_back($me, "/login/line?campaign=$slug");
    draw($me, $slug);
    is rows($slug, $me->{n}, 'win:mail:sent'), 'win:mail:sent', 'an address, then LINE: mailed';
    is wins_to('bob@example.com'), 1, 'once';
}

# ---- a friend: by LINE alone ----
{
    $at->friends('alice');
    my $me = draw($at->{people}{alice}, $slug);
    is rows($slug, $me->{n}, 'win:line:sent'), 'win:line:sent', 'a friend: by LINE';
    is pushed('alice'), 1, 'once';
    is wins_to('alice@example.com'), 1, 'and not by mail';
}

# ---- LINE says no, or nothing ----
{
    my $me = $at->{people}{alice};
    $line->fault($push, 'status', status => 400, body => '{"message":"no"}');
    draw($me, $slug);
    is rows($slug, $me->{n}, 'win:mail:sent'), 'win:mail:sent', 'refused: mailed';
    is wins_to('alice@example.com'), 2, 'once';

    # LINE fails, and has not said whether it took it: then she is no friend any more.
    $line->clear;
    $line->fault($push, 'status', status => 500);
    draw($me, $slug);
    my $end = time + 60;
    sleep 0.1 while !$at->sql("SELECT count(*) FROM kuji.outbox WHERE state = 'queued' AND handed_at IS NOT NULL")
        && time < $end;
    $at->friends();
    $at->sql("UPDATE kuji.outbox SET due_at = 0 WHERE state = 'queued'");
    is rows($slug, $me->{n}, 'win:line:bounced'), 'win:line:bounced', 'in doubt: not mailed';
    is wins_to('alice@example.com'), 2, 'since LINE may have it';
}

# ---- no gate has asked for an address: the claim has one ----
my $parcel = campaign_of(gates => ['line'], claim_fields => [ 'name', { name => 'mail', required => JSON::PP::false() } ],
    prizes => [ { code => 'A', units => 1000, weight => 1, kind => 'parcel' } ]);
{
    $at->join($parcel, 'carol');
    my $me = draw($at->{people}{carol}, $parcel);
    is rows($parcel, $me->{n}, 'win:line:bounced'), 'win:line:bounced', 'no address is known';
    is $at->sql("SELECT reason FROM kuji.outbox o JOIN kuji.campaign c ON c.id = o.campaign_id WHERE c.slug = '$parcel'"),
        'not a friend', 'and the console says why';
    is claim($parcel, $me, name => '山田 花子', mail => 'carol@example.com')->{status}, 303, 'claimed, with an address';
    is rows($parcel, $me->{n}, 'claimed:mail:sent win:mail:sent'), 'claimed:mail:sent win:mail:sent', 'mailed';
    is wins_to('carol@example.com'), 1, 'of the win once';
    my $none = draw($at->{people}{carol}, $parcel);
    rows($parcel, $none->{n}, 'win:line:bounced');
    claim($parcel, $none, name => '山田 花子');
    is rows($parcel, $none->{n}, 'claimed:line:bounced win:line:bounced'), 'claimed:line:bounced win:line:bounced',
        'without one: not mailed';
    $at->friends('carol');
    my $friend = draw($at->{people}{carol}, $parcel);
    is rows($parcel, $friend->{n}, 'win:line:sent'), 'win:line:sent', 'a friend is told by LINE';
    claim($parcel, $friend, name => '山田 花子', mail => 'carol@example.com');
    is rows($parcel, $friend->{n}, 'claimed:line:sent win:line:sent'), 'claimed:line:sent win:line:sent', 'of the claim too';
    is wins_to('carol@example.com'), 1, 'no mail of it';
}

# ---- a mail that comes back may be tried once more ----
{
    $at->friends();
    $at->join($slug, 'dave');
    my $me = $at->{people}{dave};
    confirm($me, $slug, 'dave@example.com');
    $server->stop;
    draw($me, $slug);
    is rows($slug, $me->{n}, 'win:mail:queued'), 'win:mail:queued', 'no mail server: it waits';
    $server->start;
    $at->sql("UPDATE kuji.outbox SET due_at = 0 WHERE state = 'queued'");
    is rows($slug, $me->{n}, 'win:mail:sent'), 'win:mail:sent', 'and goes later';
    is wins_to('dave@example.com'), 1, 'once';
    is $me->ask('POST', "/k/$slug/me/erase", body => 'confirm=erase', headers => { 'Sec-Fetch-Site' => 'same-origin',
        'Content-Type' => 'application/x-www-form-urlencoded' })->{status}, 303, 'erased';
    is $at->sql("SELECT count(*) FROM kuji.outbox WHERE n = $me->{n} AND campaign_id =
        (SELECT id FROM kuji.campaign WHERE slug = '$slug')"), 0, 'with what was sent';
    is $at->sql("SELECT count(*) FROM kuji.participant_mail m WHERE EXISTS (SELECT FROM kuji.campaign c
        WHERE c.id = m.campaign_id AND c.slug = '$slug')"), 4, 'and both copies of the address';
}
done_testing;
