#!/usr/bin/perl
# The list of campaigns, making one, its page as it lives, copies, the archive.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Kuji::Admin;
use Kuji::Campaign qw(now_ms);
use Kuji::Console;
use Kuji::Test;

my $me     = Kuji::Admin->new(role => 'editor');
my $viewer = Kuji::Admin->new(role => 'viewer');

# ---- making one ----

my $slug = unique('made');
my $new  = $me->get('/admin/campaigns/-/new');
is $new->{status}, 200, 'the form';
my %form = fields($new->{text}, '/admin/campaigns');
is $form{timezone}, 'Asia/Tokyo', 'begins with what is usual';
like $form{opens_at}, qr/^\d{4}-\d\d-\d\dT00:00$/, 'at a midnight';
is $form{draws_per_participant}, '1', 'once each';
my $r = $me->send('/admin/campaigns', %form, title => 'なつの大抽選会', slug => $slug,
    method => 'box', blanks => '97');
is $r->{status}, 303, 'made' or diag $r->{text};
is $r->{headers}{location}, "/admin/campaigns/$slug", 'and shown';
my $page = $me->follow($r);
like $page->{text}, qr/role="status">下書きを作りました。/, 'said so';
like $page->{text}, qr/賞品を加えてください/, 'what is missing';
like $page->{text}, qr{href="/admin/campaigns/$slug/texts#f-purpose">個人情報の利用目的を書いてください}, 'and where';
unlike $page->{text}, qr{/$slug/publish"}, 'not to be published yet';
is config_row($slug, "config ->> 'blanks'"), '97', 'as it was typed';
is config_row($slug, "config ? 'odds_total'"), 'f', 'nothing of another method';
is request('GET', "/k/$slug")->{status}, 404, 'nobody sees a draft';

for my $case (
    [ 'no title',       { title => ' ' },                                 'title',     qr/入力してください/ ],
    [ 'a bad address',  { slug => 'A b' },                                'slug',      qr/小文字/ ],
    [ 'a taken one',    { slug => $slug },                                'slug',      qr/ほかのキャンペーン/, 409 ],
    [ 'no start',       { opens_at => '' },                               'opens_at',  qr/入力してください/ ],
    [ 'no date',        { opens_at => '2026-02-30T00:00' },               'opens_at',  qr/日付と時刻/ ],
    [ 'ends before',    { closes_at => '2020-01-01T00:00' },              'closes_at', qr/開始より後/ ],
    [ 'full width',     { draws => '１００' },                             'draws',     qr/半角/ ],
    [ 'none at all',    { draws => '0' },                                 'draws',     qr/半角/ ],
    [ 'another method', { method => 'dice' },                             'method',    qr/選び直して/ ],
    [ 'a long title',   { title => 'あ' x 101 },                          'title',     qr/長すぎます/ ],
    [ 'no such zone',   { timezone => 'Mars/Olympus' },                   undef,       qr/timezone/ ],
    [ 'odds of none',   { method => 'odds', odds_total => '0' },          'odds_total', qr/半角/ ])
{
    my ($name, $change, $field, $says, $status) = @$case;
    my $r = $me->send('/admin/campaigns', %form, title => 'x', slug => unique('bad'), %$change);
    is $r->{status}, $status // 422, "$name: refused";
    like $r->{text}, $field ? qr/id="f-$field-error">[^<]*$says/ : $says, "$name: said where";
}
is $me->send('/admin/campaigns', %form, title => "\x{202e}x", slug => 'x' x 64)->{status}, 422, 'a long address';

# ---- the list ----

my $old = campaign({ title => 'ふるい抽選会', prizes => [ { code => 'A', units => 12 } ] });
draw($old) for 1 .. 3;
my $list = $viewer->get('/admin/campaigns');
like $list->{text}, qr{href="/admin/campaigns/$old">ふるい抽選会}, 'it lists';
like row_of($list->{text}, $old), qr{badge-open">公開中.*class="num">12<.*class="num">3</td>}s, 'phase, units, draws today';
like row_of($list->{text}, $slug), qr/badge-draft">準備中/, 'drafts too';
unlike $list->{text}, qr{/admin/campaigns/-/new|/archive"}, 'who only looks is offered nothing else';
unlike $me->get("/admin/campaigns?q=$old")->{text}, qr{/admin/campaigns/$slug"}, 'search by address';
like $me->get('/admin/campaigns?q=%E3%81%AA%E3%81%A4%E3%81%AE')->{text}, qr{/admin/campaigns/$slug"}, 'by name';
for my $none ('%25nowhere', '_nowhere%25', "'%20OR%201=1--", '%22%3E%3Cscript%3Enowhere') {
    my $r = $me->get("/admin/campaigns?q=$none");
    is $r->{status}, 200, 'odd words';
    like $r->{text}, qr/見つかりませんでした/, 'find nothing';
    unlike $r->{text}, qr/<script/, 'and are no markup';
}
is $me->get("/admin/campaigns?skip=$_")->{status}, 200, "skip $_" for qw(0 50 -1 x 99999999999);

# ---- editing: two at once ----

my $other = Kuji::Admin->new;
my $path  = "/admin/campaigns/$slug/edit";
my %mine  = fields($me->get($path)->{text}, $path);
my %their = fields($other->get($path)->{text}, $path);
is $mine{blanks}, '97', 'the form shows what there is';
is $other->send($path, %their, title => '先の変更')->{status}, 303, 'the first saves';
$r = $me->send($path, %mine, title => '後の変更');
is $r->{status}, 409, 'the second does not';
like $r->{text}, qr/ほかの方が先に変更しました/, 'and is told';
like $r->{text}, qr/value="後の変更"/, 'with what they typed';
is config_row($slug, "config ->> 'title'"), '先の変更', 'nothing is overwritten';
my %again = fields($r->{text}, $path);
is $me->send($path, %again)->{status}, 409, 'nor by pressing the button again';
is $me->send($path, %mine, version => $_)->{status}, 409, "version '$_'" for '', 'x', '0', '99999999999', '-1';
%mine = fields($me->get($path)->{text}, $path);
my $renamed = unique('renamed');
$r = $me->send($path, %mine, slug => $renamed);
is $r->{headers}{location}, "/admin/campaigns/$renamed", 'another address';
is $me->get("/admin/campaigns/$slug")->{status}, 404, 'the old one is gone';
$slug = $renamed;
like audit($slug, 'campaign.edit'), qr/"after": \{"slug": "$slug"\}/, 'the audit log says what changed';

# Seconds that no form shows stay.
sql("UPDATE kuji.campaign_config f SET config = config || jsonb_build_object('opens_at', (config ->> 'opens_at')::bigint + 1234)
    FROM kuji.campaign c WHERE c.id = f.campaign_id AND c.slug = '$slug'");
$path = "/admin/campaigns/$slug/edit";
is $me->send($path, fields($me->get($path)->{text}, $path))->{status}, 303, 'saved as it was';
is config_row($slug, "(config ->> 'opens_at')::bigint % 60000"), '1234', 'to the millisecond';

# Another method: its fields take the others' place.
$path = "/admin/campaigns/$slug/edit";
for my $method (qw(odds moment raffle box)) {
    my %form = fields($me->get($path)->{text}, $path);
    is $me->send($path, %form, method => $method, alternates => 3, odds_total => 100, blanks => 5,
        beacon => 'yes')->{status}, 303, "to $method";
    is config_row($slug, "config ->> 'method'"), $method, 'it is';
    is config_row($slug, "config #> '{beacon,chain_hash}' IS NOT NULL"), $method eq 'raffle' ? 't' : 'f', 'its beacon';
}

# ---- a published one ----

my $live = campaign({ title => '本番' });
$path = "/admin/campaigns/$live/edit";
$page = $me->get($path);
like $page->{text}, qr/公開したあとは、ここの内容は変えられません/, 'is locked';
unlike $page->{text}, qr/type="submit">保存する/, 'without a button';
$r = $me->send($path, fields($page->{text} =~ s/ disabled//gr, $path), version => version_of($live), title => '別の名');
is $r->{status}, 409, 'a forged form changes nothing';
is config_row($live, "config ->> 'title'"), '本番', 'really';
$page = $viewer->get("/admin/campaigns/$live");
like $page->{text}, qr/<code>[0-9a-f]{64}<\/code>/, 'its hash';
unlike $page->{text}, qr/<form method="post" action="[^"]*$live|close"/, 'a viewer only looks';

# ---- copies, archive ----

my $copy = unique('copy');
$path = "/admin/campaigns/$live/duplicate";
like $me->get($path)->{text}, qr/value="本番（コピー）"/, 'a copy is offered a name';
is $me->send($path, title => '本番の写し', slug => $live)->{status}, 409, 'not at the same address';
is $me->send($path, title => '', slug => $copy)->{status}, 422, 'not without a title';
is $me->send($path, title => '本番の写し', slug => $copy)->{status}, 303, 'copied';
is config_row($copy, "config ->> 'title'"), '本番の写し', 'under its name';
is $me->send("/admin/campaigns/$live/archive")->{status}, 409, 'what runs stays';
is $me->send("/admin/campaigns/$copy/archive")->{status}, 303, 'a draft goes';
unlike $me->get('/admin/campaigns?q=' . $copy)->{text}, qr{/admin/campaigns/$copy"}, 'out of the list';
like $me->get("/admin/campaigns?archived=1&q=$copy")->{text}, qr{/admin/campaigns/$copy"}, 'into the other';
like $me->get("/admin/campaigns/$copy")->{text}, qr/保管してあります/, 'its page says so';
is $me->send("/admin/campaigns/$copy/archive")->{status}, 409, 'not twice';
is $me->send("/admin/campaigns/$copy/archive", back => 'yes')->{status}, 303, 'and back';

# ---- texts ----

$path = "/admin/campaigns/$live/texts";
%form = fields($me->get($path)->{text}, $path);
$r = $me->send($path, %form, ja_lead => "二行の\r\n紹介", ja_consent => '同意の文です。', retention_days => '45',
    show_left => 'yes');
is $r->{status}, 303, 'texts of a published campaign' or diag $r->{text};
is config_row($live, "config #>> '{texts,ja,lead}'"), "二行の\n紹介", 'are saved';
like $me->get("/k/$live")->{text}, qr/同意の文です。/, 'and shown at once';
like $me->get($path)->{text}, qr/id="show_left"[^>]* checked/, 'boxes stay ticked';
%form = fields($me->get($path)->{text}, $path);
for my $case ([ purpose => '' ], [ retention_days => '' ], [ retention_days => '36501' ], [ retention_days => '1.5' ],
    [ ja_rules => 'あ' x 7000 ])
{
    my $r = $me->send($path, %form, @$case);
    is $r->{status}, 422, "$case->[0]: refused";
    like $r->{text}, qr/id="f-$case->[0]-error"/, 'at its field';
}
is config_row($live, "config #>> '{privacy,retention_days}'"), '45', 'nothing changed';

# ---- markup in every text ----

my $evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>\'{{campaign}}';
%form = fields($me->get($path)->{text}, $path);
my @texts = grep { /^(?:ja|en)_|^purpose/ } keys %form;
cmp_ok scalar @texts, '==', 22, 'all texts';
is $me->send($path, %form, map { $_ => $evil } @texts)->{status}, 303, 'are saved as they are';
$path = "/admin/campaigns/$copy/edit";
%form = fields($me->get($path)->{text}, $path);
is $me->send($path, %form, title => $evil)->{status}, 303, 'and a title';
for my $seen ("/admin/campaigns/$live/texts", "/admin/campaigns/$live", "/admin/campaigns/$live/preview",
    "/admin/campaigns/$live/preview?show=rules", "/k/$live", "/k/$live/rules", '/admin/campaigns',
    map { "/admin/campaigns/$copy$_" } '', qw(/edit /texts /prizes /publish /duplicate /codes /forecast /preview))
{
    my $r = $me->get($seen);
    is $r->{status}, 200, "$seen is there";
    unlike $r->{text}, qr/<script>alert|<img src=x/, 'and its words are words';
}

# ---- another tenant, nobody, other roles ----

my @pages = map { "/admin/campaigns/$live$_" }
    '', qw(/edit /texts /prizes /prizes/A /new-prize /forecast /preview /publish /close /duplicate /codes /raffle);
my @posts = map { "/admin/campaigns/$live$_" } qw(/edit /texts /prizes /prizes/A /prizes/A/move /prizes/A/remove /stock
    /publish /pause /resume /close /archive /duplicate /codes/make /codes/import /codes/1/disable /codes/1/enable
    /raffle/run /raffle/void /raffle/substitute);
my $there = Kuji::Admin->new(site => 'second', prefix => '/kuji');
is $there->get("/kuji$_")->{status}, 404, "of another tenant: $_" for @pages;
is $there->send("/kuji$_", version => 1, confirm => '本番', n => 1, reason => 'error', count => 1, symbols => 12,
    make_uses => 1, make_name => 'x', take_name => 'x', take_uses => 1, codes => 'AB12')->{status}, 404,
    "nor changes it: $_" for @posts;
my $staff = Kuji::Admin->new(role => 'staff');
is $staff->get($_)->{status}, 403, "no page of staff's: $_" for '/admin/campaigns', @pages;
is $viewer->send($_)->{status}, 403, "a viewer changes nothing: $_" for '/admin/campaigns', @posts;
is $_->{status}, 403, 'from another site' for map {
    $me->send($_, _headers => { 'Sec-Fetch-Site' => 'cross-site' }) } '/admin/campaigns', @posts;
is $me->get($_)->{status}, 405, "no change by GET: $_" for map { "/admin/campaigns/$live$_" } qw(/pause /stock /archive
    /codes/make /raffle/run);
is config_row($live, 'campaign_id IS NOT NULL'), 't', 'it is still there';

done_testing;
