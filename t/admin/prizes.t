#!/usr/bin/perl
# What the console sets about handing prizes over: the winner's form, each
# kind's settings, shops, and what becomes of expired wins.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Kuji::Admin;
use Kuji::Console;
use Kuji::Test;
use Kuji::Winner;

my $owner = Kuji::Admin->new;

my $me = $owner;

# The winner's form.
my $slug = winners_campaign();
my $path = "/admin/campaigns/$slug/claim-form";
my %form = fields($me->get($path)->{text}, $path);
is $form{use_name}, 'required', 'as it is without being set';
is $form{use_kana}, 'no', 'kana is not asked for';
my %new = (%form, use_phone => 'optional', order_phone => 1, order_name => 2, order_postal => 3, order_address => 4,
    use_note => 'required', order_note => 9, label => '味は？');
my $r = $me->send($path, %new);
is $r->{status}, 303, 'saved' or diag $r->{text};
is config_row($slug, "config -> 'claim_fields'"),
    '[{"name": "phone", "required": false}, {"name": "name", "required": true}, {"name": "postal", "required": true}, {"name": "address", "required": true}, {"name": "note", "label": "味は？", "required": true}]',
    'in that order';
my $who = winner($slug);
my $page = $who->get(claim_path($slug, $who))->{text};
like $page, qr/id="c-phone".*id="c-name".*id="c-postal".*id="c-prefecture".*id="c-note"/s, 'the winner is asked in that order';
like $page, qr/味は？ <span class="claim-must">必須/, 'the question';
is $me->send($path, %new)->{status}, 409, 'an old version changes nothing';
%form = fields($me->get($path)->{text}, $path);
is $me->send($path, %form, map({ ; "use_$_" => 'no' } qw(name kana postal address phone mail note)))->{status}, 422, 'not without any field';
is $me->send($path, %form, order_name => 'x')->{status}, 422, 'an order is a number';
is $me->send($path, %form, use_name => 'maybe')->{status}, 422, 'no other use';

# Kinds of a draft, and of a published campaign.
my $draft = campaign({ odds_total => 10, prizes => [ { code => 'A', name => '券', kind => 'coupon', units => 1, weight => 1 } ] }, draft => 1);
$path = "/admin/campaigns/$draft/prizes/A";
%form = fields($me->get($path)->{text}, $path);
is $me->send($path, %form, valid_from => '2030-01-01T10:00', valid_until => '2030-01-02T10:00', terms => '一回だけ')->{status}, 303, 'a coupon';
is config_row($draft, "config #>> '{prizes,0,valid_until}'"), '1893546000000', 'until then';
%form = fields($me->get($path)->{text}, $path);
is $form{valid_from}, '2030-01-01T10:00', 'shown as it was typed';
is $me->send($path, %form, valid_until => '2029-01-02T10:00')->{status}, 422, 'not before it begins';
is $me->send($path, %form, kind => 'link', url => 'https://example.com/a')->{status}, 303, 'now a link';
is config_row($draft, "config #> '{prizes,0}' ? 'valid_from'"), 'f', 'without what coupons have';
%form = fields($me->get($path)->{text}, $path);
for my $bad ('http://example.com', 'javascript:alert(1)', 'https://', 'https://a b', 'https://u:p@example.com/', '//example.com', "https://x\"y") {
    my $r = $me->send($path, %form, url => $bad);
    is $r->{status}, 422, "$bad: no link";
    like $r->{text}, qr/id="f-url-error"/, 'said at its field';
}
is $me->send($path, %form, kind => 'message', message => 'どうぞ', url => '')->{status}, 303, 'now a message';
is config_row($draft, "config #>> '{prizes,0,message}'"), 'どうぞ', 'its text';
my $live = winners_campaign(kind => 'link');
$path = "/admin/campaigns/$live/prizes/A";
%form = fields($me->get($path)->{text}, $path);
ok !exists $form{message}, 'published: only what its kind has';
my $manifest = request('GET', "/k/$live/manifest.json")->{content};
is $me->send($path, %form, url => 'https://example.com/b')->{status}, 303, 'may be set while it runs';
is request('GET', "/k/$live/manifest.json")->{content}, $manifest, 'the manifest knows nothing of it';
like $me->get("/admin/campaigns/" . winners_campaign(kind => 'link'))->{text}, qr/特典ページの URL を入力/, 'a link without an address is told of';

# Shops.
my $coupons = winners_campaign(kind => 'coupon');
$path = "/admin/campaigns/$coupons/shops";
like $me->get("/admin/campaigns/$coupons")->{text}, qr/店舗とパスコードを登録/, 'coupons without a shop are told of';
like $me->get($path)->{text}, qr/店舗がまだありません/, 'none yet';
is $me->send($path, name => '本店', passcode => '1234')->{status}, 303, 'one';
for my $case ([ '', 'ABCD', 422, 'name' ], [ 'あ' x 40, 'ABCD', 422, 'name' ], [ '店', '12', 422, 'passcode' ],
    [ '店', '１２３—！', 422, 'passcode' ], [ '店', 'A' x 33, 422, 'passcode' ], [ '本店', 'ABCD', 409, 'name' ],
    [ '二号店', '１２-３４', 409, 'passcode' ])
{
    my ($name, $passcode, $status, $field) = @$case;
    my $r = $me->send($path, name => $name, passcode => $passcode);
    is $r->{status}, $status, "a shop that cannot be: $field";
    like $r->{text}, qr/id="f-$field-error"/, 'at its field';
    unlike $r->{text}, qr/name="passcode" value="[^"]/, 'never showing a passcode';
}
is $me->send($path, name => '<b>&二号店', passcode => '5678')->{status}, 303, 'any name';
like $me->get($path)->{text}, qr/&lt;b&gt;&amp;二号店/, 'is a text';
unlike audit($coupons, 'shop.add'), qr/1234|5678/, 'no passcode in the audit log';
is $me->send("$path/999999/disable")->{status}, 404, 'no such shop';
my ($id) = $me->get($path)->{text} =~ m{/shops/(\d+)/passcode};
is $me->send("/admin/campaigns/$slug/shops/$id/disable")->{status}, 404, "another campaign's";
is +Kuji::Admin->new(role => 'editor')->get($path)->{status}, 200, 'editors too';
is +Kuji::Admin->new(role => 'staff')->get($path)->{status}, 403, 'no staff';

# Expired: given back only where the organiser says so.
my $box = campaign({ method => 'box', title => '箱の抽選', blanks => 0, claim_days => 1,
    prizes => [ { code => 'A', name => '賞', units => 5 } ] });
$who = winner($box);
win_ago($box, $who, 2);
sql("UPDATE kuji.claim c SET state = 'expired' FROM kuji.campaign k WHERE k.id = c.campaign_id AND k.slug = '$box'");
$path = "/admin/campaigns/$box/claims";
$page = $me->get($path)->{text};
like $page, qr/期限切れの当選.*No\. 1/s, 'listed';
is sql("SELECT units_left FROM kuji.prize p JOIN kuji.campaign c ON c.id = p.campaign_id WHERE c.slug = '$box'"), '4', 'nothing goes back by itself';
is $me->send("$path/returned", confirm => '違う名前')->{status}, 422, 'only with its name';
is $me->send("$path/returned", confirm => '箱の抽選')->{status}, 303, 'given back';
is sql("SELECT units_left FROM kuji.prize p JOIN kuji.campaign c ON c.id = p.campaign_id WHERE c.slug = '$box'"), '5', 'the unit can be won again';
like request('GET', "/k/$box/ledger.jsonl")->{content}, qr/"kind":"void","n":1,"reason":"expired","returned":true/, 'as the ledger says';
unlike $me->get($path)->{text}, qr/期限切れの当選/, 'nothing is left to give back';
is +Kuji::Admin->new(role => 'staff')->send("$path/returned", confirm => '箱の抽選')->{status}, 403, "staff does not";
my $moment = campaign({ method => 'moment', title => '時', prizes => [ { code => 'A', units => 1 } ] });
is $me->send("/admin/campaigns/$moment/claims/returned", confirm => '時')->{status}, 409, 'moments do not go back';

done_testing;
