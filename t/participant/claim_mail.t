#!/usr/bin/perl
# A winner who gives a mail address with the claim is told of the win there, once;
# of two addresses the last one counts; whoever came by the e-mail gate is told
# at that address alone.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Time::HiRes qw(sleep time);
use Kuji::Admin;
use Kuji::Form;
use Kuji::Mail;
use Kuji::Test;
use Kuji::Winner;

binmode Test::More->builder->$_, ':encoding(UTF-8)' for qw(output failure_output);

my $owner  = Kuji::Admin->new;
my @fields = ('name', 'postal', 'address', 'phone', { name => 'mail', required => JSON::PP::false() });
my $serial = 0;

sub address { return "$_[0]-" . ++$serial . "-$$\@example.com" }

# "kind:state …" of a winner's mails, once they look like that.
sub rows {
    my ($slug, $n, $want) = @_;
    my ($rows, $end) = ('', time + 20);
    do {
        $rows = sql("SELECT coalesce(string_agg(o.kind || ':' || o.state, ' ' ORDER BY o.kind), '') FROM kuji.outbox o
            JOIN kuji.campaign c ON c.id = o.campaign_id WHERE c.slug = '$slug' AND o.n = $n");
        return $rows if $rows eq $want;
        sleep 0.1;
    } while (time < $end);
    return $rows;
}

# What all mails so far were sent to.
sub sent_to { my %to; $to{ $_->{to}[0] }++ for Kuji::Mail->all; return \%to }

my $slug = winners_campaign(claim_days => 14, claim_fields => \@fields);

# -- the win's own text, with the way there; the parcel's, when it leaves
my ($me, $to) = (winner($slug), address('taro'));
is rows($slug, $me->{n}, ''), '', 'nobody knows an address yet';
is claim($slug, $me, %taro, mail => $to)->{status}, 303, 'claimed, with an address';
my ($mail) = mails($to, 1);
is $mail->{headers}{subject}, '【夏の抽選会】ご当選のお知らせ', 'the win is mailed';
like $mail->{body}, qr/温泉ペア宿泊券/, 'with the prize';
like $mail->{body}, qr{^http://first\.test/k/\Q$slug\E/claims/$me->{n}$}m, 'and where it stands';
unlike $mail->{body}, qr/お手続きの期限/, 'without a deadline that is met';
is_deeply $mail->{defects}, [], 'well formed';
claim($slug, $me, %taro, mail => $to) for 1 .. 2;
claim($slug, $me, %taro, mail => $to, street => '二の二');
is rows($slug, $me->{n}, 'win:sent'), 'win:sent', 'once, whatever is sent again or put right';
my $other = address('another');
claim($slug, $me, %taro, mail => $other);
is rows($slug, $me->{n}, 'win:sent'), 'win:sent', 'another address after that: it is not told again';
is $owner->send("/admin/campaigns/$slug/claims/shipped", list => "$me->{n},1234-5678\n")->{status}, 200, 'shipped';
($mail) = mails($other, 1);
is $mail->{headers}{subject}, '【夏の抽選会】賞品を発送しました', 'told where the last address is';
like $mail->{body}, qr/1234-5678/, 'with the number';
is sent_to()->{$to}, 1, 'and the first one had one mail';

# -- in the language of the form
my $en = winner($slug);
$en->{language} = 'en';
claim($slug, $en, %taro, mail => $to = address('english'));
like +(mails($to, 1))[0]{headers}{subject}, qr/You have won/, 'in English';

# -- another address before it was sent
my ($late, $first, $second) = (winner($slug), address('later'), address('second'));
claim($slug, $late, %taro, mail => $first);
my $end = time + 20;
sleep 0.1 while !sql("SELECT count(*) FROM kuji.outbox WHERE reason = '451 4.7.1' AND n = $late->{n}
    AND campaign_id = (SELECT id FROM kuji.campaign WHERE slug = '$slug')") && time < $end;
claim($slug, $late, %taro, mail => $second);
is scalar(mails($second, 1)), 1, 'the new one is told at once';
is rows($slug, $late->{n}, 'win:sent'), 'win:sent', 'one mail';
is sent_to()->{$first}, undef, 'the old one never';

# -- another address after it came back; the console says so, and can try again
my $wrong = winner($slug);
claim($slug, $wrong, %taro, mail => address('bounce'));
is rows($slug, $wrong->{n}, 'win:bounced'), 'win:bounced', 'nobody is there';
my $page = $owner->get("/admin/campaigns/$slug/mail?state=bounced");
my ($again) = $page->{text} =~ m{action="(/admin/campaigns/\Q$slug\E/outbox/[0-9a-f-]+/again)"};
ok $again, 'the console offers another try';
is $owner->send($again)->{status}, 303, 'which it makes';
is rows($slug, $wrong->{n}, 'win:bounced'), 'win:bounced', 'in vain';
claim($slug, $wrong, %taro, mail => $to = address('right'));
is scalar(mails($to, 1)), 1, 'the right address is told';

# -- no address, one that no server could be told, one that goes away again
my $none = winner($slug);
claim($slug, $none, %taro);
claim($slug, winner($slug), %taro, mail => 'a"b@example.com');
my $gone = winner($slug);
claim($slug, $gone, %taro, mail => $first = address('later'));
claim($slug, $gone, %taro, mail => '');
sql("UPDATE kuji.outbox SET due_at = 0 WHERE state = 'queued' AND n = $gone->{n}");
is rows($slug, $gone->{n}, 'win:gave_up'), 'win:gave_up', 'what was taken back is not mailed to';
is rows($slug, $none->{n}, ''), '', 'without an address: nothing';
is rows($slug, $none->{n} + 1, ''), '', 'nor with what is none';

# -- the database has no address outside what was sealed with the claim
is sql("SELECT count(*) FROM kuji.outbox o JOIN kuji.campaign c ON c.id = o.campaign_id
    WHERE c.slug = '$slug' AND (o.address IS NOT NULL OR o.data IS NOT NULL)"), 0, 'no second copy of the address';
$owner->send("/admin/people/$slug/$late->{n}/erase", confirm => $late->{n});
is rows($slug, $late->{n}, ''), '', 'an erasure takes the mails along';

# -- who came by the e-mail gate
my $gate = winners_campaign(gates => ['email'], claim_fields => \@fields);
my $mine = address('gate');
$me = Kuji::Form->new;
my ($c) = Kuji::Admin::send($me, "/k/$gate/mail", address => $mine)->{headers}{location} =~ /c=(\S+)/;
my ($code) = code_of((mails($mine, 1))[0]);
Kuji::Admin::send($me, "/k/$gate/mail/code", challenge => $c, code => $code);
($me->{n}) = $me->post($gate, $me->form($gate))->{headers}{location} =~ m{/draws/(\d+)$};
claim($gate, $me, %taro, mail => $other = address('form'));
is rows($gate, $me->{n}, 'claimed:sent win:sent'), 'claimed:sent win:sent', 'the win and the claim';
$owner->send("/admin/campaigns/$gate/claims/shipped", list => "$me->{n}\n");
is rows($gate, $me->{n}, 'claimed:sent shipped:sent win:sent'), 'claimed:sent shipped:sent win:sent', 'and the parcel';
is scalar(mails($mine, 4)), 4, 'all at the address of the gate';
is sent_to()->{$other}, undef, 'none at the form\'s';

done_testing;
