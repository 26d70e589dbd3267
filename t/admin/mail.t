#!/usr/bin/perl
# The console's page of mails: texts, preview, test, what was sent, once more.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use JSON::PP ();
use Kuji::Admin;
use Kuji::Console;
use Kuji::Form;
use Kuji::Mail;
use Kuji::Test;

binmode Test::More->builder->$_, ':encoding(UTF-8)' for qw(output failure_output);

my $me   = Kuji::Admin->new(role => 'editor');
my $slug = campaign({ title => 'メールの文面', gates => ['email'], odds_total => 1,
    prizes => [ { code => 'A', name => '旅行券', grade => '1等', kind => 'message', units => 100, weight => 1 } ] });
my $path = "/admin/campaigns/$slug/mail";

my $page = $me->get($path);
is $page->{status}, 200, 'the page';
like $page->{text}, qr{href="\Q$path\E/win"}, 'leads to each kind';
like $page->{text}, qr/既定のまま/, 'with its default text';
like $page->{text}, qr/記録はまだありません/, 'and nothing was sent';
unlike $me->get('/admin/campaigns/' . campaign({ odds_total => 1, prizes => [ { code => 'A', name => 'A',
    kind => 'message', units => 1, weight => 1 } ] }) . '/mail')->{text}, qr/メールサーバーが設定されていない/,
    'there is a mail server';

$page = $me->get("$path/win");
like $page->{text}, qr/\{\{campaign\}\}/, 'the marks are told';
my %f = fields($page->{text}, "$path/win");
like $f{ja_body}, qr/\{\{link\}\}/, 'the default text is there to be changed';

# A text that cannot be sent.
for my $bad ([ ja_subject => '{{code}}' ], [ ja_body => '{{#grade}}' ], [ en_body => '{{>layout}}' ],
    [ ja_subject => "a\nBcc: x" ], [ ja_body => '{{' ]) {
    my $r = $me->send("$path/win", %f, $bad->[0] => $bad->[1], do => 'save');
    is $r->{status}, 422, "$bad->[0] $bad->[1]";
    like $r->{text}, qr/この文面では送れません/, 'said at the field';
}
my $r = $me->send("$path/win", %f, ja_subject => '当たり {{prize}} <b>', do => 'preview');
is $r->{status}, 200, 'a preview';
like $r->{text}, qr{<strong>当たり 旅行券 &lt;b&gt;</strong>}, 'of what was typed, with made-up contents';
is config_row($slug, "f.config ? 'mail'"), 'f', 'is not saved';

$r = $me->send("$path/win", %f, ja_subject => '当たり {{prize}} <b>', do => 'save');
is $r->{status}, 303, 'saved';
$page = $me->follow($r);
like $page->{text}, qr/書き換え済み/, 'the page says so';
like $page->{text}, qr{当選のお知らせ・件名.*<ins>当たり \{\{prize\}\} &lt;b&gt;</ins>}s, 'and what has changed, by its name' or diag $page->{text};
is config_row($slug, "f.config #>> '{mail,win,ja,subject}'"), '当たり {{prize}} <b>', 'in CONFIG';
is config_row($slug, "f.config #> '{mail,win,ja}' ? 'body'"), 'f', 'but not what is as it was';
like audit($slug, 'campaign.edit'), qr/当たり/, 'in the audit log';
$r = $me->send("$path/win", %f, ja_subject => '二人目', do => 'save');
is $r->{status}, 409, 'made from an older version: refused';

# A test to oneself.
$page = $me->get("$path/win");
$r = $me->send("$path/win", fields($page->{text}, "$path/win"), to => "editor-$$\@example.com", do => 'test');
is $r->{status}, 303, 'a test';
my ($mail) = mails("editor-$$\@example.com", 1);
is $mail->{headers}{subject}, '当たり 旅行券 <b>', 'comes, unescaped';
ok audit($slug, 'mail.test'), 'in the audit log';
unlike audit($slug, 'mail.test'), qr/example/, 'without the address';
is $me->send("$path/win", %f, to => 'nowhere', do => 'test')->{status}, 422, 'to an address';
sql("INSERT INTO kuji.outbox (campaign_id, tenant_id, created_at, due_at, expires_at, ended_at, kind, state)
    SELECT campaign_id, tenant_id, created_at, due_at, expires_at, created_at, 'test', 'sent'
      FROM kuji.outbox CROSS JOIN generate_series(1, 19)
     WHERE kind = 'test' AND campaign_id = (SELECT id FROM kuji.campaign WHERE slug = '$slug')");
is $me->send("$path/win", %f, to => "editor-$$\@example.com", do => 'test')->{status}, 422, 'twenty an hour';

# Somebody wins; the mail bounces; it is sent again.
my $taro = Kuji::Form->new;
$r = Kuji::Admin::send($taro, "/k/$slug/mail", address => "bounce-$$\@example.com");
my ($c) = $r->{headers}{location} =~ /c=(\S+)/;
for (1 .. 100) {
    last if sql("SELECT count(*) FROM kuji.outbox o JOIN kuji.campaign c ON c.id = o.campaign_id
        WHERE c.slug = '$slug' AND o.state = 'bounced'");
    sql('SELECT pg_sleep(0.1)');
}
$page = $me->get("$path?state=bounced");
like $page->{text}, qr/理由: 550 5\.1\.1/, 'what bounced says why';
unlike $page->{text}, qr/bounce-/, 'and not for whom';
unlike $page->{text}, qr{/again"}, 'a code is not sent again';

my $address = "win-$$\@example.com";
$r = Kuji::Admin::send($taro, "/k/$slug/mail", address => $address);
($c) = $r->{headers}{location} =~ /c=(\S+)/;
($mail) = mails($address, 1);
my ($code) = code_of($mail);
Kuji::Admin::send($taro, "/k/$slug/mail/code", challenge => $c, code => $code);
is $taro->post($slug, $taro->form($slug))->{status}, 303, 'a win';
(undef, $mail) = mails($address, 2);
is $mail->{headers}{subject}, '当たり 旅行券 <b>', 'is mailed in the organiser\'s words';
my ($id) = sql("SELECT o.id FROM kuji.outbox o JOIN kuji.campaign c ON c.id = o.campaign_id
    WHERE c.slug = '$slug' AND o.kind = 'win'");
is $me->send("/admin/campaigns/$slug/outbox/$id/again")->{status}, 404, 'what was sent is not sent again';
sql("ALTER TABLE kuji.outbox DISABLE TRIGGER outbox_guard");
sql("UPDATE kuji.outbox SET state = 'bounced', reason = '552 5.2.2' WHERE id = '$id'");
sql("ALTER TABLE kuji.outbox ENABLE TRIGGER outbox_guard");
like $me->get($path)->{text}, qr{action="/admin/campaigns/\Q$slug\E/outbox/$id/again"}, 'what failed has a button';
is $me->send("/admin/campaigns/$slug/outbox/$id/again")->{status}, 303, 'pressed';
is scalar(mails($address, 3)), 3, 'it comes';
like audit($slug, 'mail.again'), qr/"kind": "win"/, 'in the audit log';
my $viewer = Kuji::Admin->new(role => 'viewer');
unlike $viewer->get($path)->{text}, qr{/again"|/mail/win"}, 'a viewer only looks';

# Back to the default.
$page = $me->get("$path/win");
$r = $me->send("$path/win", fields($page->{text}, "$path/win"), do => 'restore');
is $r->{status}, 303, 'restored';
is config_row($slug, "f.config ? 'mail'"), 'f', 'nothing is left of it';
is $me->get("$path/test")->{status}, 404, 'no such kind';

done_testing;
