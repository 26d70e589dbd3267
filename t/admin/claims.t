#!/usr/bin/perl
# Claims: the shop's counter, states at a glance, shipping by a list; pools of
# gift codes.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Encode qw(encode);
use Test::More;
use Kuji::Admin;
use Kuji::Console qw(fields);
use Kuji::Test;
use Kuji::Winner;

my $owner = Kuji::Admin->new;
my $staff = Kuji::Admin->new(role => 'staff');

# The counter.
my $slug = winners_campaign(kind => 'coupon');
my $base = "/admin/campaigns/$slug";
my @who  = map { winner($slug) } 1 .. 3;
my $page = $staff->get("$base/claims");
is $page->{status}, 200, 'staff has a counter';
unlike $page->{text}, qr/まとめて発送|手続きの状況/, 'and nothing else';
like $staff->get("$base/claims?n=2")->{text}, qr/温泉ペア宿泊券.*引き換え済みにする/s, 'a win';
like $staff->get("$base/claims?n=99")->{text}, qr/この受付番号の当選はありません。/, 'no win';
is $staff->get("$base/claims?n=x")->{status}, 422, 'no number';
my $r = $staff->send("$base/claims", n => 2, to => 'redeemed');
is $r->{status}, 303, 'redeemed';
like $staff->follow($r)->{text}, qr/受付番号 2 の手続きを済ませました。/, 'said';
is $staff->send("$base/claims", n => 2, to => 'redeemed')->{status}, 409, 'once';
like $staff->get("$base/claims?n=2")->{text}, qr/店頭でできる手続きはありません/, 'nothing is left to do';
is $staff->send("$base/claims", n => 1, to => $_)->{status}, 409, "not to $_" for qw(shipped delivered expired);
is $staff->send("$base/claims", n => 1, to => $_)->{status}, 422, "nor to $_" for 'void', 'won', 'claimed', '', 'x';
is $staff->send("$base/claims", n => "1' OR '1'='1", to => 'redeemed')->{status}, 422, 'nor with SQL';
is $staff->send("$base/claims/shipped", list => "1\n")->{status}, 403, 'shipping is the owner\'s';
is $staff->get("$base/$_")->{status}, 403, "$_ too" for qw(winners draws/1 gifts);
is $staff->get('/admin/people')->{status}, 403, 'and people';
my @race = parallel(8, sub { $staff->send("$base/claims", n => 3, to => 'redeemed')->{status} });
is_deeply [ sort @race ], [ 303, (409) x 7 ], 'eight hands, one coupon';

# Lists of parcels.
$slug = winners_campaign();
$base = "/admin/campaigns/$slug";
@who  = map { winner($slug) } 1 .. 4;
is claim($slug, $_, %taro)->{status}, 303, 'claimed' for @who[0 .. 2];
$page = $owner->get("$base/claims");
like $page->{text}, qr{<th scope="row">温泉ペア宿泊券</th><td class="number">1</td><td class="number">3</td><td class="number">0</td>},
    'where prizes stand';
$r = $owner->send("$base/claims/shipped", list => "受付番号,追跡番号\r\n1,1234-5678\r\n4,1\r\n99,2\r\nabc,3\r\n1,4\r\n");
is $r->{status}, 200, 'a list';
like $r->{text}, qr/1 件を発送済みにし、0 件の追跡番号を改めました。/, 'what was done';
like $r->{text}, qr/4 件は変更していません。/, 'what was not';
like $r->{text}, qr/3 行目：いまの状態では/, 'by line';
like $r->{text}, qr/4 行目：この受付番号の当選はありません/, 'unknown';
like $r->{text}, qr/5 行目：受付番号か追跡番号の形が/, 'malformed';
like $r->{text}, qr/6 行目：同じ受付番号が/, 'twice';
is $owner->ask('POST', "$base/claims/shipped", body => encode('cp932', "受付番号,追跡番号\r\n2,5555\r\n"),
    headers => { 'Content-Type' => 'text/csv', 'Sec-Fetch-Site' => 'same-origin' })->{status}, 200, 'a file of Excel\'s';
like $owner->get("$base/draws/2")->{text}, qr/5555/, 'is read';

is $owner->send("$base/claims/shipped", list => '')->{status}, 422, 'an empty list';
is $owner->send("$base/claims/shipped", list => "3,\"x\n")->{status}, 422, 'no list';
is $owner->ask('POST', "$base/claims/shipped", body => 'x' x (8 * 1024 * 1024 + 1),
    headers => { 'Content-Type' => 'text/csv', 'Sec-Fetch-Site' => 'same-origin' })->{status}, 413, 'too much';
is $owner->ask('POST', "$base/claims/shipped", body => '{}',
    headers => { 'Content-Type' => 'application/json', 'Sec-Fetch-Site' => 'same-origin' })->{status}, 422, 'no form';
like $who[0]->get(claim_path($slug, $who[0]))->{text}, qr/発送しました。/, 'the winner sees it';
like sql("SELECT string_agg(a.detail::text, ' ' ORDER BY a.seq) FROM kuji.audit a
           WHERE a.action = 'claim.shipped' AND a.actor = '$owner->{id}'"), qr/"n": \[1\].*"n": \[2\]/, 'and the audit log';
is sql("SELECT count(*) FROM kuji.audit WHERE detail::text ~ '1234-5678|山田|札幌|09012345678'"), '0', 'without anybody\'s data';

# A parcel that comes back: said at the counter or on the draw's page, shipped again.
$page = $staff->get("$base/claims?n=1")->{text};
like $page, qr/荷物が戻ってきたとき/, 'the counter can say so';
unlike $page, qr/札幌|1234-5678/, 'and still sees no address';
unlike $staff->get("$base/claims?n=3")->{text}, qr/荷物が戻ってきたとき/, 'of what is on its way only';
is $staff->send("$base/claims/back", n => 1, back => $_)->{status}, 422, "no reason '$_'" for '', 'x', "other'--";
is $staff->send("$base/claims/back", n => $_, back => 'other')->{status}, 409, "not of No. $_" for 3, 4;
is $staff->send("$base/claims/back", n => 99, back => 'other')->{status}, 422, 'nor of none';
is $staff->send("$base/draws/1/back", back => 'other')->{status}, 403, 'the draw\'s page is the owner\'s';
$r = $staff->send("$base/claims/back", n => 1, back => 'address');
is $r->{status}, 303, 'it came back';
like $staff->follow($r)->{text}, qr/受付番号 1 の荷物が戻ってきたことを記録しました。/, 'said';
is claim_state($slug, $who[0]), 'claimed', 'to be shipped again';
is $staff->send("$base/claims/back", n => 1, back => 'address')->{status}, 409, 'once';
like $staff->get("$base/claims?n=1")->{text}, qr/戻ってきました（あて所に尋ねあたらない）/, 'the counter knows why';
like $owner->get("$base/draws/1")->{text}, qr/戻ってきました（あて所に尋ねあたらない）/, 'so does the draw\'s page';
is sql("SELECT detail ->> 'reason' FROM kuji.audit WHERE actor = '$staff->{id}' AND action = 'claim.came_back'"), 'address',
    'the audit log knows who';
is $owner->send("$base/claims/shipped", list => "1,7777-8888\n")->{status}, 200, 'shipped again by a list';
is claim_state($slug, $who[0]), 'shipped', 'it is on its way';
$r = $owner->send("$base/draws/1/back", back => 'absent');
is $r->{status}, 303, 'and back again';
like $owner->follow($r)->{text}, qr/尋ねあたらない.*保管期限切れ/s, 'both are told';
is $owner->send("$base/draws/1/step", to => 'shipped', tracking => '9')->{status}, 303, 'shipped by hand';
is $owner->send("$base/draws/1/step", to => 'delivered')->{status}, 303, 'arrived';
is $owner->send("$base/draws/1/back", back => 'absent')->{status}, 409, 'what has arrived does not come back';
is sql("SELECT sum(count) FROM kuji.claim_count k JOIN kuji.campaign c ON c.id = k.campaign_id
    WHERE c.slug = '$slug' AND k.count <> (SELECT count(*) FROM kuji.claim l WHERE l.campaign_id = k.campaign_id
        AND l.pos = k.pos AND l.state = k.state)"), '', 'the counts agree';

# Gift codes.
my $editor = Kuji::Admin->new(role => 'editor');
$slug = winners_campaign(kind => 'gift_code');
$base = "/admin/campaigns/$slug";
@who  = map { winner($slug) } 1 .. 4;
is claim($slug, $who[0])->{status}, 303, 'one is early';
$page = $editor->get("$base/gifts");
like $page->{text}, qr/1 名の方がコードをお待ちです/, 'somebody waits';
$r = $editor->send("$base/gifts/A", list => "GIFT-0001\nGIFT-0002\n\nGIFT-0001\n");
is $r->{status}, 200, 'imported';
like $r->{text}, qr/「温泉ペア宿泊券」に 2 件を取り込みました。 お待ちだった 1 名にお渡ししました。/, 'and handed out';
like $r->{text}, qr/4 行目：すでに取り込まれているコードです/, 'the double one is told';
unlike $r->{text}, qr/GIFT-000/, 'no code is shown';
like $who[0]->get(claim_path($slug, $who[0]))->{text}, qr/GIFT-0001/, 'who waited has it';
is claim($slug, $who[1])->{status}, 303, 'the next one';
like $who[1]->get(claim_path($slug, $who[1]))->{text}, qr/GIFT-0002/, 'has the other';
is claim($slug, $who[2])->{status}, 303, 'one more';
like $who[2]->get(claim_path($slug, $who[2]))->{text}, qr/ご用意でき次第/, 'waits';
my %gift = fields($owner->get("$base/draws/1")->{text}, "$base/draws/1/gift");
%gift = (%gift, confirm => '1');
is $owner->send("$base/draws/1/gift", %gift)->{status}, 409, 'no code is left to replace it';
is $editor->send("$base/draws/1/gift", %gift)->{status}, 403, 'nor may everybody';
like $owner->get("$base/draws/1")->{text}, qr/GIFT-0001/, 'the owner sees it';
unlike $editor->get("$base/draws/1")->{text}, qr/GIFT-0001/, 'the editor does not';
is $editor->send("$base/gifts/A/threshold", warn_at => '5')->{status}, 303, 'a threshold';
like $editor->get("$base/gifts")->{text}, qr/残りが少なくなっています/, 'warns';
is $editor->send("$base/gifts/A/threshold", warn_at => $_)->{status}, 422, "no threshold: '$_'" for '', '-1', 'x', '1e3', '9' x 16;
is $editor->send("$base/gifts/$_", list => 'x')->{status}, 404, "no prize $_" for 'B', "A'--";
is $editor->send("$base/gifts/A", list => '')->{status}, 422, 'nothing to import';
is $editor->send("$base/gifts/A", list => "GIFT-0003\nGIFT-0004\n")->{status}, 200, 'more';
is $owner->send("$base/draws/1/gift", %gift, confirm => '7')->{status}, 422, 'typed wrongly';
is $owner->send("$base/draws/1/gift", %gift, fault => 'x')->{status}, 422, 'no such reason';
is $owner->send("$base/draws/1/gift", confirm => '1', fault => 'used')->{status}, 409, 'not without saying which';
my @press = parallel(4, sub { $owner->send("$base/draws/1/gift", %gift, fault => 'used')->{status} });
is_deeply [ sort @press ], [ 303, 409, 409, 409 ], 'four presses: replaced once';
like $owner->send("$base/draws/1/gift", %gift)->{text}, qr/すでに別のコードに替わっています/, 'an old page replaces nothing';
is_deeply [ sql("SELECT state, count(*) FROM kuji.gift_code g JOIN kuji.campaign c ON c.id = g.campaign_id
    WHERE c.slug = '$slug' AND g.n = 1 GROUP BY state ORDER BY state") ], [ 'assigned|1', 'void|1' ], 'one code went';
is sql("SELECT detail ->> 'reason' FROM kuji.audit WHERE actor = '$owner->{id}' AND action = 'gift.replace'
    ORDER BY seq DESC LIMIT 1"), 'used', 'the audit log says why';
like $who[0]->get(claim_path($slug, $who[0]))->{text}, qr/GIFT-0004/, 'the winner has another';
is sql("SELECT count(*) FROM kuji.gift_code WHERE encode(sealed, 'escape') LIKE '%GIFT-%'"), '0', 'sealed in the database';
my $draft = campaign({ prizes => [ { code => 'A', kind => 'gift_code', units => 5 } ] }, draft => 1);
like $editor->send("/admin/campaigns/$draft/gifts/A", list => "X-1\n")->{text}, qr/1 件を取り込みました/, 'before the publication too';

done_testing;
