#!/usr/bin/perl
# A raffle on the console: entries, doubts, voiding, run once, substitutes.
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

my $me    = Kuji::Admin->new;
my $title = '新米プレゼント';
my $slug  = campaign({ title => $title, method => 'raffle', alternates => 2, closes_at => now_ms() + 6000,
    limits => {}, prizes => [ { code => 'A', name => '米 10kg', units => 2 } ] });
my $base = "/admin/campaigns/$slug/raffle";

draw($slug, participant => $_) for 'one', 'two', 'one', 'three', 'four', 'five', 'six';
my $page = $me->get($base);
is $page->{status}, 200, 'its page';
my @sums = $page->{text} =~ m{<dd>([\d,]+)</dd>}g;
is "@sums", '7 0 6 1', 'valid, void, people, doubts';
like $page->{text}, qr{同じ端末・同じ ID</th><td class="num">2</td><td><span class="number">1</span> <span class="number">3</span>},
    'which';
is $me->send("$base/run", confirm => $title)->{status}, 409, 'not before the end';
for my $case ([ n => '' ], [ n => '0' ], [ n => 'x' ], [ n => '99' ], [ reason => '' ], [ reason => 'early' ],
    [ reason => 'x' ])
{
    is $me->send("$base/void", n => 3, reason => 'duplicate', @$case)->{status}, 422, "void, $case->[0] '$case->[1]'";
}
my $r = $me->send("$base/void", n => 3, reason => 'duplicate', note => '二重の応募');
is $r->{status}, 303, 'void';
$page = $me->follow($r);
like $page->{text}, qr/受付番号 3 を無効にしました/, 'said so';
@sums = $page->{text} =~ m{<dd>([\d,]+)</dd>}g;
is "@sums", '6 1 6 0', 'and counted';
is $me->send("$base/void", n => 3, reason => 'duplicate')->{status}, 409, 'once';

# Of who was erased nobody knows which entries they were: no doubt to look at.
my $left = campaign({ method => 'raffle', limits => {}, prizes => [ { code => 'A', name => '米', units => 1 } ] });
draw($left, participant => 'gone') for 1 .. 2;
is $me->send("/admin/people/$left/1/erase", confirm => 1)->{status}, 200, 'one is erased';
$page = $me->get("/admin/campaigns/$left/raffle");
is $page->{status}, 200, 'the page stays';
@sums = $page->{text} =~ m{<dd>([\d,]+)</dd>}g;
is "@sums", '2 0 1 0', 'and counts the entries';

my $closes = sql("SELECT closes_at FROM kuji.campaign WHERE slug = '$slug'");
select undef, undef, undef, 0.1 while now_ms() <= $closes;
is $me->send("$base/run", confirm => '')->{status}, 422, 'not without its name';
is $me->send("$base/run", confirm => $title)->{status}, 303, 'run';
is $me->send("$base/run", confirm => $title)->{status}, 409, 'once';
$page = $me->get($base);
like $page->{text}, qr/当選 2 名、補欠 2 名です/, 'its result';
my $leaf = sql("SELECT leaf FROM kuji.ledger l JOIN kuji.campaign c ON c.id = l.campaign_id
    WHERE c.slug = '$slug' AND leaf LIKE '%\"kind\":\"raffle\"%'");
my ($alternates, $winners) = $leaf =~ /"alternates":\[([\d,]+)\].*"winners":\[(.*)\]/;
my @picked = ($winners =~ /"n":(\d+)/g, split /,/, $alternates);
my @shown = $page->{text} =~ m{<th scope="row" class="num">(\d+)</th>}g;
is_deeply \@shown, \@picked, 'as the ledger has it, in order';
$r = $me->send("$base/substitute", n => $picked[0], reason => 'declined', note => 'ご辞退');
is $r->{status}, 303, 'a substitute';
$page = $me->follow($r);
like $page->{text}, qr/受付番号 $picked[0] を無効にし、受付番号 $picked[2] の方を繰り上げ当選にしました/, 'said so';
like $page->{text}, qr{>$picked[0]</th><td class="cell-line">米 10kg</td><td class="cell-line">無効 · 受付番号 $picked[2] に繰り上げ}, 'who went';
like $page->{text}, qr{>$picked[2]</th><td class="cell-line">米 10kg</td><td class="cell-line">繰り上げ当選}, 'and who came';
like $page->{text}, qr{>$picked[3]</th><td class="cell-line"></td><td class="cell-line">待機中}, 'who waits';
is $me->send("$base/substitute", n => $picked[3], reason => 'declined')->{status}, 409, 'who holds nothing';
is $me->send("$base/substitute", n => $picked[0], reason => 'declined')->{status}, 409, 'who is gone';
is $me->send("$base/substitute", n => $picked[1], reason => '')->{status}, 422, 'no reason';
is $me->get("$base?from=$_")->{status}, 200, "from $_" for qw(0 100 -5 x);
is $me->send("/admin/campaigns/$slug/close", confirm => $title)->{status}, 303, 'closed';
unlike $me->get($base)->{text}, qr/substitute"/, 'nothing more';

# Codes shared by several people; a beacon; what is no raffle.
my $coded = campaign({ method => 'raffle', gates => ['code'], beacon => { chain_hash => 'ab' x 32, round => 7,
    time => now_ms() + 7_200_000 }, closes_at => now_ms() + 3_600_000 });
my ($code) = split /\n/, ctl('codes', 'generate', 'first', $coded, 1, '--uses', 5);
draw($coded, participant => $_, code => $code) for 'one', 'two';
$page = $me->get("/admin/campaigns/$coded/raffle");
like $page->{text}, qr{同じシリアルコード</th><td class="num">2</td>}, 'one code, two people';
like $page->{text}, qr/第 7 回を使います/, 'the promised round';
my $box = campaign({ method => 'box' });
like $me->get("/admin/campaigns/$box/raffle")->{text}, qr/後日抽選ではありません/, 'no raffle';
is $me->send("/admin/campaigns/$box/raffle/run", confirm => "Campaign $box")->{status}, 409, 'nor run as one';

done_testing;
