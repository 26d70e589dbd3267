#!/usr/bin/perl
# The list of draws and winners, one draw with its proof, and what is done to
# it.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Kuji::Admin;
use Kuji::Test;
use Kuji::Winner;

my $owner  = Kuji::Admin->new;
my $editor = Kuji::Admin->new(role => 'editor');
my $slug   = winners_campaign();
my $base   = "/admin/campaigns/$slug";
like $owner->get("$base/winners")->{text}, qr/まだ当選者はいません/, 'nobody yet';
my @who = map { winner($slug) } 1 .. 3;
is claim($slug, $who[1], %taro)->{status}, 303, 'one claims';

# Lists and filters.
my $page = $owner->get("$base/winners");
is $page->{status}, 200, 'the list';
is scalar(() = $page->{text} =~ m{<a href="\Q$base\E/draws/\d+">}g), 3, 'has everybody';
like $page->{text}, qr/温泉ペア宿泊券.*手続き済み/s, 'with prize and state';
unlike $page->{text}, qr/山田|090-1234/, 'and no name';
sub rows {
    my ($query) = @_;
    return scalar(() = $owner->get("$base/winners?$query")->{text} =~ m{/draws/\d+">}g);
}
is rows('state=claimed'), 1, 'by state';
is rows('state=won'), 2, 'won';
is rows('prize=A&state='), 3, 'by prize';
is rows('prize=B'), 0, 'no such prize';
is rows('which=all'), 3, 'all draws';
is rows('from=2020-01-01&until=2020-12-31'), 0, 'by day';
is rows('before=2'), 1, 'from there on';
like $owner->get("$base/winners?state=void")->{text}, qr/条件に合うものはありません/, 'nothing matches';
is $owner->get("$base/winners?$_")->{status}, 422, "refused: $_"
    for 'from=2026-02-30', 'from=x', 'state=lost', 'until=%27%3B--';
is $owner->get("$base/winners?prize=%27%20OR%201%3D1")->{status}, 200, 'SQL in a filter is a word';
is $owner->get("$base/winners?before=x")->{status}, 200, 'a page that is none is the first';

# More than a page.
draw($slug) for 1 .. 60;
$page = $owner->get("$base/winners?state=won");
my ($next) = $page->{text} =~ /rel="next" href="([^"]+)"/;
like $next, qr/^\?state=won&amp;before=\d+$/, 'the next page keeps the filter';
$next =~ s/&amp;/&/;
is scalar(() = $owner->get("$base/winners$next")->{text} =~ m{/draws/\d+">}g), 12, 'the rest';

# The search.
my $r = $owner->send("$base/winners", q => '2');
is $r->{headers}{location}, "$base/draws/2", 'a receipt number leads to its draw';
like $owner->send("$base/winners", q => '山田太郎')->{text}, qr{/admin/people/\Q$slug\E/2}, 'a name to its person';
like $owner->send("$base/winners", q => '佐藤')->{text}, qr/見つかりませんでした/, 'or to nobody';
is $editor->send("$base/winners", q => '山田太郎')->{status}, 422, 'an editor looks for numbers only';
is $editor->send("$base/winners", q => '9999')->{status}, 422, 'of draws that are there';

# One draw.
$page = $owner->get("$base/draws/2");
is $page->{status}, 200, 'a draw';
like $page->{text}, qr/山田 太郎.*090-1234-5678/s, 'the owner sees what was given';
my $theirs = $editor->get("$base/draws/2")->{text};
unlike $theirs, qr/山田|090-1234|札幌/, 'the editor does not';
like $theirs, qr/オーナーだけが見られます/, 'and is told why';
like $page->{text}, qr/&quot;kind&quot;:&quot;draw&quot;,&quot;n&quot;:2,/, 'its leaf';
my ($size) = $page->{text} =~ m{位置 / 全体</dt><dd>2 / (\d+)};
my ($root) = $page->{text} =~ m{いまの根</dt><dd><code class="long">([0-9a-f]{64})};
my $proof  = request('GET', "/k/$slug/proof?leaf=2&size=$size")->{json};
is join(' ', $page->{text} =~ m{<li><code class="long">([0-9a-f]{64})}g), "@{$proof->{hashes}}", 'the proof that everybody gets';
like request('GET', "/k/$slug/checkpoint")->{content}, qr/^\Q$size\E$/m, 'of the checkpoint';
is $owner->get("$base/draws/999")->{status}, 404, 'no such draw';
is $owner->get("/admin/campaigns/nothing/draws/1")->{status}, 404, 'no such campaign';

# Void.
my %void = (reason => 'disqualified', note => '店頭で確認');
is $editor->send("$base/draws/1/void", %void, confirm => '2')->{status}, 422, 'the number must be typed';
is $editor->send("$base/draws/1/void", %void, reason => 'nonsense', confirm => '1')->{status}, 422, 'a reason that is none';
$r = $editor->send("$base/draws/1/void", %void, returned => '1', confirm => '1');
is $r->{status}, 303, 'void';
like $editor->follow($r)->{text}, qr/受付番号 1 を無効にしました。/, 'said';
like request('GET', "/k/$slug/ledger.jsonl")->{content}, qr/"kind":"void","n":1,"reason":"disqualified","returned":true/,
    'in the ledger';
unlike request('GET', "/k/$slug/ledger.jsonl")->{content}, qr/店頭/, 'without the note';
is $editor->send("$base/draws/1/void", %void, confirm => '1')->{status}, 409, 'once';
is $owner->send("$base/draws/1/step", to => 'delivered')->{status}, 409, 'a void win is not delivered';

# Steps.
is $owner->send("$base/draws/2/step", to => 'shipped', tracking => '=1+1')->{status}, 422, 'no tracking number';
$r = $owner->send("$base/draws/2/step", to => 'shipped', tracking => '１２３４－５６');
is $r->{status}, 303, 'shipped';
like $owner->follow($r)->{text}, qr/発送済み.*1234-56/s, 'with its number';
is $owner->send("$base/draws/2/step", to => 'won')->{status}, 422, 'there is no way back';
is $owner->send("$base/draws/2/step", to => 'delivered')->{status}, 303, 'delivered';
is $owner->send("$base/draws/2/step", to => 'shipped')->{status}, 409, 'and then not shipped';
is $editor->send("$base/draws/3/step", to => 'delivered')->{status}, 403, 'steps are the owner\'s';
is $owner->send("$base/draws/2/step", to => 'delivered', _headers => { 'Sec-Fetch-Site' => 'cross-site' })->{status},
    403, 'not from elsewhere';

# A raffle's substitute.
my $raffle = campaign({ method => 'raffle', alternates => 2, title => '<b>"&',
    closes_at => Kuji::Campaign::now_ms() + 1500, prizes => [ { code => 'A', name => '<i>x</i>', kind => 'parcel', units => 1 } ] });
draw($raffle) for 1 .. 4;
select undef, undef, undef, 2;
ctl('campaign', 'raffle', 'first', $raffle);
my ($won) = sql("SELECT c.n FROM kuji.claim c JOIN kuji.campaign k ON k.id = c.campaign_id WHERE k.slug = '$raffle'");
$page = $owner->get("/admin/campaigns/$raffle/draws/$won");
like $page->{text}, qr/繰り上げ当選/, 'an alternate is offered';
unlike $page->{text}, qr/<i>x|<b>"/, 'names are text';
$r = $owner->send("/admin/campaigns/$raffle/draws/$won/substitute", reason => 'unreachable', confirm => $won);
is $r->{status}, 303, 'substituted';
like $owner->follow($r)->{text}, qr/繰り上げ当選にしました。/, 'said';
is scalar(() = $owner->get("/admin/campaigns/$raffle/winners")->{text} =~ m{/draws/\d+">}g), 2, 'two wins now';

# Closed: the ledger has ended.
ctl('campaign', 'close', 'first', $slug, '--reason', 'early');
unlike $owner->get("$base/draws/3")->{text}, qr{draws/3/void}, 'a closed campaign offers no void';
is $owner->send("$base/draws/3/void", %void, confirm => '3')->{status}, 409, 'and takes none';

done_testing;
