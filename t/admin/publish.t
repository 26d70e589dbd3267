#!/usr/bin/perl
# What hinders a publication is the same for the console, the API and kujictl:
# each reason is refused by all three, and the console leads to where it is
# mended. What may come later is a warning.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Kuji::Admin;
use Kuji::Campaign qw(now_ms);
use Kuji::Console;
use Kuji::Ctl qw(kujictl);
use Kuji::Site ();
use Kuji::Test;

binmode Test::More->builder->$_, ':encoding(UTF-8)' for qw(output failure_output);

my $me = Kuji::Admin->new(role => 'editor');
my %o  = (site => 'first');

sub status_of { return sql("SELECT status FROM kuji.campaign WHERE slug = '$_[0]'") }

# As a form sends it that was looked at.
sub press {
    my ($slug) = @_;
    return $me->send("/admin/campaigns/$slug/publish", confirm => "Campaign $slug", version => version_of($slug));
}

# Refused three times; the console says so on the overview and on the page
# itself, with a link to $path.
sub hindered {
    my ($slug, $name, %is) = @_;
    my $base = "/admin/campaigns/$slug";
    for my $page ($base, "$base/publish") {
        my $text = $me->get($page)->{text};
        unlike $text, qr/name="confirm"|href="\Q$base\E\/publish"/, "$name: no button on $page";
        like $text, qr{公開するには、次が必要です.*<li class="life-item"><a href="\Q$base$is{path}\E">[^<]*$is{says}}s,
            "$name: said there, with the way to mend it";
    }
    my $r = press($slug);
    is $r->{status}, $is{status}, "$name: not by force on the console";
    like $r->{text}, qr{<a href="\Q$base$is{path}\E">[^<]*$is{says}}, "$name: which says why again";
    $r = request('POST', "/api/v1/campaigns/$slug/publish", token => $o{token} // 'first', site => $o{site});
    is $r->{status}, $is{api}, "$name: not over the API";
    like $r->{json}{detail}, $is{why}, "$name: which says why";
    my ($status, $output, $error) = kujictl(qw(campaign publish), $o{site}, $slug);
    is "$status$output", 1, "$name: not by kujictl";
    like $error, $is{why}, "$name: which says why";
    is status_of($slug), 'draft', "$name: it is a draft still";
    return;
}

sub draft { return campaign({@_}, draft => 1, site => $o{site}) }

my $slug = draft(prizes => []);
hindered($slug, 'no prize', path => '/prizes', says => '賞品', status => 422, api => 400, why => qr/prizes: there is none/);
$slug = draft(privacy => { retention_days => 3 });
hindered($slug, 'no purpose', path => '/texts#f-purpose', says => '利用目的', status => 422, api => 400, why => qr/purpose/);
$slug = draft(privacy => { purpose => 'x' });
hindered($slug, 'no retention', path => '/texts#f-retention_days', says => '保存期間', status => 422, api => 400,
    why => qr/retention_days/);
$slug = draft(opens_at => now_ms() - 9000, closes_at => now_ms() - 1000);
hindered($slug, 'over', path => '/edit#f-closes_at', says => '終了の日時', status => 422, api => 400, why => qr/closes_at/);
like $me->get("/admin/campaigns/$slug/edit")->{text}, qr/id="f-closes_at"/, 'that link leads to a field';
$slug = draft();
is $me->send("/admin/campaigns/$slug/archive")->{status}, 303, 'put away';
hindered($slug, 'archived', path => '#o-more', says => '保管して', status => 409, api => 409, why => qr/archived/);
$slug = draft(gates => ['passphrase']);
hindered($slug, 'no passphrase', path => '/passphrases', says => '合言葉', status => 422, api => 400,
    why => qr/passphrase has no passphrase/);

# One and none: the list alone does not do.
my $list = "/admin/campaigns/$slug/passphrases";
sub set_list {
    my ($text) = @_;
    return $me->send($list, fields($me->get($list)->{text}, $list), passphrases => $text);
}
is set_list("さくら")->{status}, 303, 'one is set';
like $me->get("/admin/campaigns/$slug")->{text}, qr{href="/admin/campaigns/$slug/publish"}, 'then it can be published';
is set_list("\n")->{status}, 303, 'and taken away';
is press($slug)->{status}, 422, 'then it cannot';
is set_list("さくら")->{status}, 303, 'set again';
is press($slug)->{status}, 303, 'published';
is status_of($slug), 'published', 'it is';

# No code yet: told, not refused.
sub warned {
    my ($slug) = @_;
    return $me->get("/admin/campaigns/$slug/publish")->{text} =~ m{<a href="/admin/campaigns/$slug/codes">[^<]*シリアルコードがまだ};
}
my ($first, $second, $third, $coded) = map { draft(gates => ['code']) } 1 .. 4;
ok warned($first), 'no code: the console warns';
is press($first)->{status}, 303, 'and publishes';
my $r = request('POST', "/api/v1/campaigns/$second/publish", token => 'first');
is "$r->{status} $r->{json}{warning}", '200 the gate code has no code yet', 'so does the API';
my ($status, $output, $error) = kujictl(qw(campaign publish first), $third);
like "$status$output", qr/^0manifest [0-9a-f]{64}$/, 'so does kujictl';
is $error, "kujictl: warning: the gate code has no code yet\n", 'which warns as well';
ctl(qw(codes generate first), $coded, 1);
ok !warned($coded), 'with a code there is no warning';
$r = request('POST', "/api/v1/campaigns/$coded/publish", token => 'first');
ok $r->{status} == 200 && !exists $r->{json}{warning}, 'nor one over the API';

# Where no mail can be sent: an installation of its own.
my $site = Kuji::Site->new(threads => 16);
$o{site}  = 'fault';
$o{token} = $site->{token};
local @ENV{qw(KUJI_DATABASE KUJI_KEYFILE PGHOST PGPORT)} =
    ($site->conninfo, "$site->{dir}/keys", @{ $site->{pg} }{qw(dir port)});
Kuji::Test::meet(fault => "127.0.0.1:$site->{port}");
$me = Kuji::Admin->new(role => 'editor', site => 'fault');
# LINE's channel may be set up later as well.
my $lined = draft(gates => ['line']);
like $me->get("/admin/campaigns/$lined/publish")->{text}, qr/LINEのチャネルがまだ設定されていません/, 'no channel of LINE: a warning';
is press($lined)->{status}, 303, 'and published';
my $mailed = draft(gates => ['email']);
hindered($mailed, 'no mail server', path => '/edit#g-gate', says => 'メールサーバー', status => 409, api => 409,
    why => qr/email needs a mail server/);
like $me->get("/admin/campaigns/$mailed/edit")->{text}, qr/id="g-gate"/, 'that link leads to the gates';
unlike $site->errors, qr/:(?:warn|error|crit)\]/, 'and nothing is wrong with the site';
($status, $output, $error) = kujictl(qw(campaign publish fault), $mailed, '--mail');
like "$status$error$output", qr/^0manifest/, 'kujictl is told that the hosts have one';
is status_of($mailed), 'published', 'then it does';

done_testing;
