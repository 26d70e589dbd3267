#!/usr/bin/perl
# Whoever confirmed a mail address has the same rights, drawn or not: to see it
# and the mails, to take them along, to have them erased; and is found by the
# console.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Time::HiRes qw(sleep time);
use Kuji::Admin;
use Kuji::Ctl;
use Kuji::Form;
use Kuji::Mail;
use Kuji::Test;
use Kuji::Winner;

binmode Test::More->builder->$_, ':encoding(UTF-8)' for qw(output failure_output);

my $owner  = Kuji::Admin->new;
my $serial = 0;

sub address { return "Tsuki.Mi-" . ++$serial . "-$$\@example.com" }

# A browser that confirmed an address.
sub confirmed {
    my ($slug, $address) = @_;
    my $me = Kuji::Form->new;
    my ($c) = Kuji::Admin::send($me, "/k/$slug/mail", address => $address)->{headers}{location} =~ /c=(\S+)/;
    my ($code) = code_of((mails($address, 1))[0]);
    is +Kuji::Admin::send($me, "/k/$slug/mail/code", challenge => $c, code => $code)->{status}, 303, "$address confirmed";
    return $me;
}

sub erase {
    my ($me, $slug) = @_;
    return Kuji::Admin::send($me, "/k/$slug/me/erase", confirm => 'erase');
}

sub of_campaign {
    my ($slug, $table, $what) = @_;
    return scalar sql("SELECT $what FROM kuji.$table t JOIN kuji.campaign c ON c.id = t.campaign_id WHERE c.slug = '$slug'");
}

sub find { return $owner->send('/admin/people', q => $_[0])->{text} }

my $slug = winners_campaign(gates => ['email'], limits => { draws_per_participant => 1 });

# -- who never drew
my $to   = address();
my $me   = confirmed($slug, $to);
my $page = $me->get("/k/$slug/me/data");
is $page->{status}, 200, 'the page';
like $page->{text}, qr/<dd>\Q$to\E</, 'has the address';
unlike $page->{text}, qr/引いた結果|お預かりしている情報はありません/, 'and no draws';
my $json = $me->get("/k/$slug/me/data.json")->{json};
is $json->{mail_addresses}[0]{address}, $to, 'it can be taken along';
is $json->{mail_addresses}[0]{language}, 'ja', 'with its language';
like $json->{mail_addresses}[0]{confirmed_at}, qr/^\d{4}-\d\d-\d\dT/, 'and when it was confirmed';
is_deeply [ @$json{qw(draws claims mails)} ], [ [], [], [] ], 'nothing else is held';
my $stranger = Kuji::Form->new;
is_deeply $stranger->get("/k/$slug/me/data.json")->{json}{mail_addresses}, [], 'nobody else sees it';
like confirmed(my $elsewhere = winners_campaign(gates => ['email']), address())->get("/k/$slug/me/data")->{text},
    qr/お預かりしている情報はありません/, 'nor does another campaign show it';

# -- found by the console
my ($gate) = find($to) =~ m{href="(/admin/people/\Q$slug\E/gate/[0-9a-f-]{36})"};
ok $gate, 'found by the address';
like find(lc $to), qr/\Q$gate\E/, 'in other letters too';
like find($to), qr/まだ引いていません/, 'as somebody who has not drawn';
$page = $owner->get($gate);
is $page->{status}, 200, 'shown';
like $page->{text}, qr/\Q$to\E/, 'with the address';
is +Kuji::Admin->new(role => $_)->get($gate)->{status}, 403, "not to an $_" for qw(editor viewer staff);
is +Kuji::Admin->new(site => 'second', prefix => '/kuji')->get("/kuji$gate")->{status}, 404, "nor to another tenant's";
is $owner->get($gate =~ s/.$/0/r =~ s/(.)$/$1 eq substr($gate, -1) ? '1' : $1/er)->{status}, 404, 'another is not there';

# -- erased on request
my ($sealed) = of_campaign($slug, 'participant_mail', "encode(t.address, 'hex')");
ok length $sealed, 'the address is there, sealed';
like $me->get("/k/$slug/me/erase")->{text}, qr/確認したメールアドレス/, 'the page says what goes';
my $r = erase($me, $slug);
like $r->{headers}{location}, qr{/k/\Q$slug\E/erasures/[0-9a-f-]{36}$}, 'a receipt';
is $stranger->get($r->{headers}{location})->{status}, 200, 'which can be opened';
like +(mails($to, 2))[1]{headers}{subject}, qr/個人情報を消去しました/, 'and is mailed, the last one';
is of_campaign($slug, 'participant_mail', 'count(*)'), 0, 'no address';
is of_campaign($slug, 'mail_challenge', 'count(*)'), 0, 'no code';
my $end = time + 20;
sleep 0.1 while of_campaign($slug, 'outbox', "count(*) FILTER (WHERE t.state <> 'sent')") && time < $end;
is of_campaign($slug, 'outbox', 'count(t.address) + count(t.data) + count(t.participant)'), 0, 'no mail that says of whom';
is of_campaign($slug, 'erasure', 'count(t.tombstone)'), 0, 'no mark: nothing was counted';
unlike qx(pg_dump -d kuji --data-only), qr/\Q$sealed\E/, 'nowhere in the database';
like $me->get("/k/$slug/me/data")->{text}, qr/お預かりしている情報はありません/, 'nothing is held';
like find($to), qr/見つかりませんでした/, 'nor found';
is $owner->get($gate)->{status}, 404, 'nor shown';
is erase($me, $slug)->{status}, 200, 'there is nothing more to erase';

# -- who drew: the mails, the limit, the ledger
$to = address();
$me = confirmed($slug, $to);
my ($n) = $me->post($slug, $me->form($slug))->{headers}{location} =~ m{/draws/(\d+)$};
mails($to, 2);
$me->{n} = $n;
claim($slug, $me, %taro);
mails($to, 3);
$end = time + 20;
do { $json = $me->get("/k/$slug/me/data.json")->{json} }
    while (grep { $_->{state} ne 'sent' } @{ $json->{mails} }) && time < $end;
is_deeply [ map { "$_->{kind} $_->{n} $_->{state}" } @{ $json->{mails} } ], [ "win $n sent", "claimed $n sent" ],
    'the mails that were sent';
like $json->{mails}[0]{ended_at}, qr/^\d{4}-/, 'and when';
like $me->get("/k/$slug/me/data")->{text}, qr/当選のお知らせ.*送信済み.*お手続きの受け付け.*送信済み/s, 'on the page too';
my $found = find($to);
is scalar(() = $found =~ m{href="/admin/people/\Q$slug\E/}g), 1, 'found once';
like $found, qr{href="/admin/people/\Q$slug\E/$n"}, 'by the number';
like $owner->get("/admin/people/$slug/$n")->{text}, qr/\Q$to\E.*当選のお知らせ.*お手続きの受け付け/s,
    'the console shows the address and the mails';
is erase($me, $slug)->{status}, 303, 'erased';
is of_campaign($slug, 'outbox', "count(*) FILTER (WHERE t.n = $n)"), 0, 'with the record of the mails';
is of_campaign($slug, 'erasure', 'count(t.tombstone)'), 1, 'a mark keeps the count';
confirmed_again($slug, $to);

sub confirmed_again {
    my ($slug, $to) = @_;
    my $me = Kuji::Form->new;
    my ($c) = Kuji::Admin::send($me, "/k/$slug/mail", address => $to)->{headers}{location} =~ /c=(\S+)/;
    my @mails = grep { $_->{headers}{subject} =~ /確認コード/ } mails($to, 5);
    my ($code) = code_of($mails[-1]);
    Kuji::Admin::send($me, "/k/$slug/mail/code", challenge => $c, code => $code);
    my $r = $me->post($slug, $me->form($slug));
    is $r->{status}, 409, 'whoever confirms the address again';
    like $r->{text}, qr/お一人で引ける回数を引き終わりました/, 'has drawn';
    like $me->get("/k/$slug/me/data")->{text}, qr/<dd>\Q$to\E</, 'and sees the address that is held again';
    is erase($me, $slug)->{status}, 303, 'until it is erased again';
    like $me->get("/k/$slug/me/data")->{text}, qr/お預かりしている情報はありません/, 'then nothing is held';
    return;
}

# -- by the console, under a name; an address that counts with its variants
my $folded = winners_campaign(gates => ['email'], email_fold => JSON::PP::true());
$to = address();
my $plus = $to =~ s/\@/+x@/r;
$me = confirmed($folded, $plus);
($gate) = find($to) =~ m{href="(/admin/people/\Q$folded\E/gate/[0-9a-f-]{36})"};
ok $gate, 'found by another variant of the address' or BAIL_OUT 'fold';
is $owner->send("$gate/erase", confirm => 'x')->{status}, 422, 'not by another name';
$r = $owner->send("$gate/erase", confirm => $plus);
is $r->{status}, 200, 'erased by the console';
like $r->{text}, qr/控えの番号/, 'with a receipt';
is of_campaign($folded, 'participant_mail', 'count(*)') + of_campaign($folded, 'mail_challenge', 'count(*)'), 0, 'all of it';
is $owner->send("$gate/erase", confirm => $plus)->{status}, 404, 'and is gone';

ctl('campaign', 'close', 'first', $slug, '--reason', 'early');
my $check = qx(kuji-verify @{[ Kuji::Test::site_url('first') ]}/k/$slug 2>&1);
is $?, 0, 'the ledger verifies' or diag $check;

done_testing;
