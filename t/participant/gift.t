#!/usr/bin/perl
# Gift codes, links and messages: shown by a deliberate tap, again and again to
# their winner, and to nobody else; each code once, however many race.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Kuji::Admin;
use Kuji::Form;
use Kuji::Test;
use Kuji::Volley qw(draws volley);
use Kuji::Winner;

my $owner = Kuji::Admin->new;

my $console = $owner;
my $slug    = winners_campaign(kind => 'gift_code');
is $console->send("/admin/campaigns/$slug/gifts/A", list => "AAAA-1111\nAAAA-2222")->{status}, 200, 'two codes';
my $me   = winner($slug);
my $path = claim_path($slug, $me);
my $page = $me->get($path)->{text};
unlike $page, qr/AAAA-/, 'not shown by looking';
like $page, qr/コードを表示する/, 'by a button';
is claim($slug, $me)->{status}, 303, 'pressed';
$page = $me->get($path)->{text};
like $page, qr{<code id="claim-code">AAAA-1111</code>}, 'the code';
like $page, qr/id="claim-copy" hidden/, 'its copy button is for scripts';
is claim($slug, $me)->{status}, 303, 'pressed again' for 1 .. 3;
like $me->get($path)->{text}, qr/AAAA-1111/, 'the same one';
my $mine = $me->get("/k/$slug/me")->{text};
like $mine, qr{href="\Q$path\E">コードを見る}, 'from my results';
unlike $mine, qr/AAAA-/, 'which do not show it themselves';
is winner($slug)->get($path)->{status}, 404, "nobody else's";
is +Kuji::Admin::send(winner($slug), $path)->{status}, 404, 'nor by pressing';

# Empty.
claim($slug, winner($slug));
my $owed = winner($slug);
is claim($slug, $owed)->{status}, 303, 'nothing left';
like $owed->get(claim_path($slug, $owed))->{text}, qr/ご用意でき次第/, 'it is owed, kindly';
like $owed->get("/k/$slug/me")->{text}, qr/ご用意でき次第/, 'my results say so';
like $console->get("/admin/campaigns/$slug")->{text}, qr/待っている当選者が 1 名/, 'the console warns';
like $console->get("/admin/campaigns/$slug")->{text}, qr/ギフトコードが足りません/, 'and leads to the pool';
is $console->send("/admin/campaigns/$slug/gifts/A", list => 'AAAA-3333')->{status}, 200, 'more codes';
like $owed->get(claim_path($slug, $owed))->{text}, qr/AAAA-3333/, 'who waited has one';

# 200 at once: 40 winners press 5 times each for 25 codes.
my $race = winners_campaign(kind => 'gift_code');
my @codes = map { sprintf 'RACE-%04d', $_ } 1 .. 25;
is $console->send("/admin/campaigns/$race/gifts/A", list => join "\n", @codes)->{status}, 200, '25 codes';
my @who = map { winner($race) } 1 .. 40;
my (%count, @open);
@open = map { ($_) x 5 } 0 .. $#who;
for my $round (1 .. 50) {
    my @answers = volley(map { claim_request($race, $who[$_]) } @open);
    $count{ $_->{status} }++ for grep { $_->{status} != 503 } @answers;
    @open = map { $open[$_] } grep { $answers[$_]{status} == 503 } 0 .. $#open;
    last if !@open;
}
is_deeply \%count, { 303 => 200 }, '200 at once: all are answered' or diag explain \%count;
my (%shown, $waiting);
for my $who (@who) {
    my ($code) = $who->get(claim_path($race, $who))->{text} =~ /(RACE-\d+)/;
    $code ? $shown{$code}++ : $waiting++;
}
is_deeply \%shown, { map { $_ => 1 } @codes }, 'each code is one winner\'s';
is $waiting, 15, 'fifteen wait';
is sql("SELECT count(*) || ' ' || count(DISTINCT g.n) FROM kuji.gift_code g JOIN kuji.campaign c ON c.id = g.campaign_id
         WHERE c.slug = '$race' AND g.state = 'assigned'"), '25 25', 'so says the database';

# The last unit: 200 draw for one prize of a box.
my $box = campaign({ method => 'box', blanks => 300, prizes => [ { code => 'A', kind => 'coupon', units => 1 } ] });
my @won;
for (1 .. 2) {
    push @won, grep { $_->{prize} } map { @{ $_->{json}{draws} // [] } } draws($box, map { {} } 1 .. 200);
}
is scalar @won, 1, 'the last unit is won once';

# A link.
my $url  = 'https://example.com/present?a=1&b=%E3%81%82';
my $link = campaign({ odds_total => 1, prizes => [ { code => 'A', name => '壁紙', kind => 'link', units => 9, weight => 1, url => $url } ] });
$me   = winner($link);
$path = claim_path($link, $me);
$page = $me->get($path);
unlike $page->{text}, qr/example\.com/, 'the address is not on the page';
like $page->{headers}{'content-security-policy'}, qr/form-action 'self' https:;/, 'the redirect may lead away';
my $r = claim($link, $me);
is $r->{status}, 303, 'pressed';
is $r->{headers}{location}, $url, 'leads there';
is claim_state($link, $me), 'delivered', 'delivered';
is claim($link, $me)->{headers}{location}, $url, 'and again';
is winner($link)->get($path)->{status}, 404, "nobody else's";
is claim($link, winner($link), _headers => { 'Sec-Fetch-Site' => 'cross-site' })->{status}, 403, 'not from elsewhere';
my $empty = winners_campaign(kind => 'link');
$me = winner($empty);
like $me->get(claim_path($empty, $me))->{text}, qr/準備しています/, 'without an address there is nothing to press';
is claim($empty, $me)->{status}, 409, 'nor to send';
is claim_state($empty, $me), 'won', 'and nothing was delivered';

# A message.
my $note = campaign({ odds_total => 1, prizes => [ { code => 'A', name => '占い', kind => 'message', units => 9, weight => 1,
    message => "大吉です。\n<b>よい一日を</b>", message_en => 'Great luck.' } ] });
$me   = winner($note);
$path = claim_path($note, $me);
unlike $me->get($path)->{text}, qr/大吉/, 'not before it is opened';
is claim($note, $me)->{status}, 303, 'opened';
like $me->get($path)->{text}, qr/大吉です。\n&lt;b&gt;/, 'the text, as text';
like $me->get("$path?lang=en")->{text}, qr/Great luck\./, 'in English';
is claim_state($note, $me), 'delivered', 'delivered';
is claim($note, $me)->{status}, 303, 'again changes nothing';

# Too late.
my $days = winners_campaign(kind => 'message', claim_days => 3);
$me = winner($days);
win_ago($days, $me, 4);
sql("UPDATE kuji.claim c SET state = 'expired' FROM kuji.campaign k WHERE k.id = c.campaign_id AND k.slug = '$days'");
is claim($days, $me)->{status}, 409, 'expired';
like $me->get("/k/$days/me")->{text}, qr/期限切れ/, 'my results say so';

done_testing;
