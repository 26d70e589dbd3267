#!/usr/bin/perl
# A campaign's life without one step by hand: prizes, rehearsal, publication,
# stock, pause, end.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Digest::SHA qw(sha256_hex);
use Kuji::Admin;
use Kuji::Console;
use Kuji::Test;

my $me     = Kuji::Admin->new;
my $title  = '秋の"大"福引 & <b>';
my $slug   = campaign({ title => $title, prizes => [], privacy => {}, odds_total => 1000 }, draft => 1);
my $base   = "/admin/campaigns/$slug";
my $evil   = '"><script>alert(1)</script>{{campaign}}';

sub add {
    my (%given) = @_;
    my %form = fields($me->get("$base/new-prize")->{text}, "$base/prizes");
    return $me->send("$base/prizes", %form, %given);
}

sub order {
    return config_row($slug, "(SELECT string_agg(p ->> 'code', ' ' ORDER BY o)
        FROM jsonb_array_elements(config -> 'prizes') WITH ORDINALITY AS u (p, o))");
}

# ---- prizes ----

like $me->get("$base/prizes")->{text}, qr/賞品はまだありません/, 'none yet';
is add(code => 'A', name => '温泉旅行', units => 2, weight => 10, grade => '一等')->{status}, 303, 'one';
is add(code => 'B', name => $evil, units => 30, weight => 200, kind => 'coupon', description => $evil)->{status}, 303, 'two';
is add(code => 'C', name => '飴', units => 500, weight => 300, kind => 'message')->{status}, 303, 'three';
for my $case (
    [ 'no name',         { name => '' },           'name',   qr/入力して/ ],
    [ 'a code twice',    { code => 'A' },          'code',   qr/ほかの賞品/ ],
    [ 'no code',         { code => 'あ' },         'code',   qr/英数字/ ],
    [ 'the word blank',  { code => 'blank' },      'code',   qr/英数字/ ],
    [ 'no units',        { units => '0' },         'units',  qr/半角/ ],
    [ 'too many',        { units => '9' x 17 },    'units',  qr/半角/ ],
    [ 'more than all',   { weight => '491' },      'weight', qr/あと 490 まで/ ],
    [ 'no kind',         { kind => 'dog' },        'kind',   qr/選び直して/ ],
    [ 'half a release',  { release_at_0 => '2030-01-01T00:00' }, 'release_units_0', qr/入力して/ ],
    [ 'the other half',  { release_units_1 => '1' }, 'release_at_1', qr/入力して/ ],
    [ 'too much of it',  { release_at_0 => '2030-01-01T00:00', release_units_0 => '6' }, 'release_units_0', qr/超えて/ ])
{
    my ($name, $change, $field, $says) = @$case;
    my $r = add(code => 'D', name => 'x', units => 5, weight => 0, %$change);
    is $r->{status}, 422, "$name: refused";
    like $r->{text}, qr/id="f-$field-error">[^<]*$says/, "$name: said where";
}
is add(code => 'D', name => '小出し', units => 5, weight => 1, release_at_0 => '2030-01-01T00:00', release_units_0 => 2,
    release_at_2 => '2030-01-02T00:00', release_units_2 => 3)->{status}, 303, 'a schedule';
is config_row($slug, "config #> '{prizes,3,releases,1,units}'"), '3', 'is kept';
my $page = $me->get("$base/prizes");
like $page->{text}, qr{当たりの確率</dt><dd>51.1%}, 'the odds add up';
like $page->{text}, qr{はずれの確率</dt><dd>48.9%}, 'and what is left';
unlike $page->{text}, qr/<script>/, 'names are names';
is order(), 'A B C D', 'in their order';
my $version = version_of($slug);
is $me->send("$base/prizes/C/move", way => 'up', version => $version)->{status}, 303, 'up';
is order(), 'A C B D', 'it went up';
is $me->send("$base/prizes/C/move", way => 'down', version => $version)->{status}, 409, 'not with an old page';
is $me->send("$base/prizes/A/move", way => 'down', version => version_of($slug))->{status}, 303, 'down';
is order(), 'C A B D', 'it went down';
is $me->send("$base/prizes/C/move", way => 'up', version => version_of($slug))->{status}, 303, 'beyond the top';
is order(), 'C A B D', 'is no place';
is $me->send("$base/prizes/Z/move", way => 'up', version => version_of($slug))->{status}, 404, 'none such';
is $me->get("$base/prizes/Z")->{status}, 404, 'nor its form';
is $me->send("$base/edit", fields($me->get("$base/edit")->{text}, "$base/edit"), sold_out => 'B')->{status}, 303,
    'B stands in for what is gone';
my %form = fields($me->get("$base/prizes/B")->{text}, "$base/prizes/B");
is $form{name}, $evil, 'a form shows what there is';
is $me->send("$base/prizes/B", %form, code => 'BB')->{status}, 303, 'another code';
is config_row($slug, "config ->> 'sold_out'"), 'BB', 'what named it follows';
is $me->send("$base/prizes/BB/remove", version => version_of($slug))->{status}, 303, 'removed';
is config_row($slug, "config ->> 'sold_out'"), 'blank', 'nothing stands in any more';
is order(), 'C A D', 'and it is gone';

# ---- rehearsal ----

my $forecast = $me->get("$base/forecast?visitors=100000");
is $forecast->{status}, 200, 'a forecast';
like $forecast->{text}, qr{温泉旅行.*?<td class="num">2</td><td class="num">2</td><td class="num">0</td><td>\d{4}年}s,
    'the day that stock is gone';
is $me->get("$base/forecast?visitors=$_")->{status}, 422, "visitors '$_'" for '0', '-1', 'x', '3000001';
my $preview = $me->get("$base/preview");
is $preview->{status}, 200, 'a preview';
like $preview->{text}, qr/温泉旅行/, 'shows the prizes';
like $preview->{text}, qr/type="submit" form="draw" disabled/, 'its button is shut';
unlike $preview->{text}, qr{action="[^"]*/draw"}, 'and leads nowhere';
is $me->send("$base/preview", key => 'k', consent => 'yes')->{status}, 405, 'nothing is drawn there';
like $me->get("$base/preview?show=$_->[0]")->{text}, $_->[1], "as $_->[0]"
    for [ before => qr/まもなく/ ], [ paused => qr/お休み/ ], [ closed => qr/終了/ ], [ rules => qr/応募要項/ ];

# ---- publication ----

$page = $me->get("$base/publish");
like $page->{text}, qr/公開するには、次が必要です/, 'something is missing';
unlike $page->{text}, qr/name="confirm"/, 'so it cannot be';
is $me->send("$base/publish", confirm => $title, version => version_of($slug))->{status}, 422, 'not even by force';
%form = fields($me->get("$base/texts")->{text}, "$base/texts");
is $me->send("$base/texts", %form, purpose => '発送のため', retention_days => 90)->{status}, 303, 'the rest';
is config_row($slug, "config ? 'claim_fields'"), 'f', 'which says nothing of what winners are asked for';
like $me->get($base)->{text}, qr{href="$base/publish"}, 'now it can';
%form = fields($me->get("$base/publish")->{text}, "$base/publish");
for my $wrong ('', '秋の大福引', "$title ") {
    my $r = $me->send("$base/publish", %form, confirm => $wrong);
    is $r->{status}, 422, "not with '$wrong'";
    like $r->{text}, qr/一致しません/, 'said so';
}
is $me->send("$base/publish", %form, version => $form{version} - 1, confirm => $title)->{status}, 409,
    'not what was not looked at';
is sql("SELECT status FROM kuji.campaign WHERE slug = '$slug'"), 'draft', 'still a draft';
my $r = $me->send("$base/publish", %form, confirm => $title);
is $r->{status}, 303, 'published';
my $hash = sha256_hex(request('GET', "/k/$slug/manifest.json")->{content});
like $me->follow($r)->{text}, qr/約束のハッシュは $hash です/, 'and told its hash';
is $me->send("$base/publish", %form, confirm => $title)->{status}, 409, 'once';
like $me->get("$base/publish")->{text}, qr/公開済み/, 'its page says so';

# ---- running ----

is draw($slug)->{status}, 201, 'it draws';
%form = fields($me->get("$base/prizes/A")->{text}, "$base/prizes/A");
is_deeply [ sort grep { $_ ne 'image' } keys %form ], [ sort qw(description description_en grade name_en version) ],
    'only words of a prize, and its image where there are any';
is $me->send("$base/prizes/A", %form, description => '二泊三日', units => 99, weight => 0)->{status}, 303, 'change';
is config_row($slug, "config #>> '{prizes,1,description}'"), '二泊三日', 'they did';
is config_row($slug, "config #>> '{prizes,1,units}'"), '2', 'nothing else did';
is $me->send("$base/prizes/A/remove", version => version_of($slug))->{status}, 409, 'no prize goes';
is $me->send("$base/prizes", code => 'X', name => 'x', units => 1, weight => 1, version => version_of($slug))->{status},
    409, 'and none comes';
is order(), 'C A D', 'really';
$r = $me->send("$base/stock", prize => 'A', units => 3, note => '追加の仕入れ');
is $r->{status}, 303, 'stock is added';
like $me->follow($r)->{text}, qr/A を 3 本増やしました/, 'said so';
is sql("SELECT p.units_left FROM kuji.prize p JOIN kuji.campaign c ON c.id = p.campaign_id
    WHERE c.slug = '$slug' AND p.code = 'A'") + 0 >= 4, 1, 'it is there';
like audit($slug, 'campaign.stock'), qr/追加の仕入れ/, 'with its note';
is $me->send("$base/stock", prize => 'A', units => $_)->{status}, 422, "units '$_'" for '', '0', '-1', '1e3';
is $me->send("$base/stock", prize => 'Z', units => 1)->{status}, 404, 'no such prize';
is $me->send("$base/pause")->{status}, 303, 'paused';
is draw($slug)->{status}, 409, 'no draw';
like $me->get($base)->{text}, qr/badge-paused/, 'its badge';
is $me->send("$base/pause")->{status}, 409, 'not twice';
is $me->send("$base/resume")->{status}, 303, 'resumed';
is draw($slug)->{status}, 201, 'draws again';

# ---- the end ----

is $me->send("$base/close", confirm => 'x')->{status}, 422, 'not without its name';
is $me->send("$base/close", confirm => $title, note => '完売のため')->{status}, 303, 'closed early';
is sql("SELECT status FROM kuji.campaign WHERE slug = '$slug'"), 'closed', 'it is';
like $me->get($base)->{text}, qr/だれでも結果を検証できます/, 'its page says so';
is $me->send("$base/close", confirm => $title)->{status}, 409, 'not twice';
is $me->send("$base/stock", prize => 'A', units => 1)->{status}, 409, 'no stock after the end';
is $me->send("$base/archive")->{status}, 303, 'and put away';
is sql("SELECT string_agg(action, ' ' ORDER BY seq) FROM kuji.audit a JOIN kuji.campaign c
    ON a.object = 'campaign:' || c.uuid WHERE c.slug = '$slug' AND action !~ 'edit|create'"),
    'campaign.publish campaign.edit campaign.stock campaign.pause campaign.resume campaign.close campaign.archive'
    =~ s/campaign\.edit //r, 'the audit log tells it all';

# Moments, box: the form asks what the method needs.
my $moment = campaign({ method => 'moment', prizes => [] }, draft => 1);
$base = "/admin/campaigns/$moment";
%form = fields($me->get("$base/new-prize")->{text}, "$base/prizes");
ok $form{from} && $form{until}, 'moments over the whole period';
is $me->send("$base/prizes", %form, code => 'A', name => 'x', units => 3)->{status}, 303, 'are taken';
$r = $me->send("$base/prizes", %form, code => 'B', name => 'x', units => 3, until => '2999-01-01T00:00');
is $r->{status}, 422, 'not beyond it';
like $r->{text}, qr/id="f-until-error">[^<]*期間の中/, 'said so';
is $me->get("$base/forecast")->{status}, 200, 'a forecast of moments';
my $raffle = campaign({ method => 'raffle' });
like $me->get("/admin/campaigns/$raffle/forecast?visitors=2400")->{text}, qr/倍率/, 'of a raffle: how many come';
is $me->send("/admin/campaigns/$moment/stock", prize => 'A', units => 1)->{status}, 409, 'a draft has no stock to add to';

done_testing;
