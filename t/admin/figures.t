#!/usr/bin/perl
# A campaign's figures: who may see them, and that they are what happened.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Kuji::Admin;
use Kuji::Test;

my %is = map { $_ => Kuji::Admin->new(role => $_) } qw(owner editor staff viewer);
my $slug = campaign({
    method => 'box', blanks => 0, gates => ['open'],
    limits => { draws_per_participant => 2 },
    prizes => [
        { code => 'A', name => '特等 <b>旅行</b>', kind => 'parcel', units => 1 },
        { code => 'B', name => '一等', kind => 'coupon', units => 1999 },
    ],
});
my $path = "/admin/campaigns/$slug/figures";

# Who may.
is $is{$_}->get($path)->{status}, 200, "$_ sees them" for qw(owner editor viewer);
is $is{staff}->get($path)->{status}, 403, 'staff does not';
is request('GET', $path)->{status}, 401, 'nor nobody';
is(Kuji::Admin->nobody->get($path)->{status}, 303, 'who is sent to the log-in page');
my $stranger = Kuji::Admin->new(site => 'second', prefix => '/kuji');
is $stranger->get("/kuji$path")->{status}, 404, "another tenant's is not there";
is $is{owner}->get('/admin/campaigns/no-such-one/figures')->{status}, 404, 'nor one that is not';
is $is{owner}->send($path)->{status}, 405, 'nothing is sent there';
is $is{viewer}->get($path)->{headers}{'cache-control'}, 'no-store', 'they are not kept';

# Nothing yet.
my $page = $is{viewer}->get($path)->{text};
like $page, qr/まだ数がありません/, 'nothing happened yet';
like $page, qr{特等 &lt;b&gt;旅行&lt;/b&gt;</th><td class="num"><data value="1">1</data>}, 'prizes are there, escaped';
like $page, qr{<data value="1999">1,999</data>}, 'numbers are grouped';
like $page, qr/まだわかりません/, 'no outlook without wins';

# Visits, draws, a repeated request, refusals.
my $visitor = Kuji::Form->new;
$visitor->get("/k/$slug") for 1 .. 3;
request('HEAD', "/k/$slug");
my %counted = (key => unique('k'), participant => unique('p'));
is draw($slug, %counted, count => 2)->{status}, 201, 'drawn';
is draw($slug, %counted, count => 2)->{status}, 200, 'repeated';
is draw($slug, participant => $counted{participant})->{status}, 409, 'refused by the limit' for 1 .. 2;
is draw($slug)->{status}, 201, 'drawn by somebody else';

sub numbers {
    my ($page, $label) = @_;
    my ($row) = $page =~ m{<tr><th scope="row">(?:<time[^>]*>)?\Q$label\E(.*?)</tr>}s;
    return [ ($row // '') =~ /<data value="(-?\d+)">/g ];
}

sub figures {
    my ($query) = @_;
    return $is{viewer}->get($path . ($query // ''))->{text};
}

# The traffic comes with the job's next flush, or the one after it.
for (1 .. 100) {
    $page = figures();
    last if (numbers($page, 'ページを開いた')->[0] // 0) + (numbers($page, '回数の上限')->[0] // 0) >= 5;
    select undef, undef, undef, 0.2;
}
is_deeply numbers($page, 'ページを開いた'), [3], 'visits; HEAD is none';
is_deeply numbers($page, '参加条件を満たした'), [5], 'draws and those whom the limit refused';
is_deeply numbers($page, '抽選した'), [3], 'draws, each once';
is_deeply numbers($page, '当選した'), [3], 'wins';
is_deeply numbers($page, '受け取りの手続きをした'), [0], 'claims';
is_deeply numbers($page, '回数の上限'), [2], 'refusals by reason';
is_deeply numbers($page, '手続き待ち'), [3], 'claims by state';
my ($today) = $page =~ m{<time datetime="\d{4}-\d\d-\d\dT00:00:00\+09:00">([^<]+)</time></th>};
like $today, qr/^\d{4}年\d+月\d+日（.）$/, 'a row for today';
is_deeply numbers($page, $today), [ 3, 3, 3, 2 ], 'visits, draws, wins, refusals of the day';
my ($won) = sql("SELECT string_agg(awarded::text, ' ' ORDER BY pos) FROM kuji.prize p
    JOIN kuji.campaign c ON c.id = p.campaign_id WHERE c.slug = '$slug'");
my ($a, $b) = split / /, $won;
is_deeply numbers($page, '一等'), [ 1999, $b, 1999 - $b ], 'planned, won, left';

# By hour; nonsense is by day.
my $hours = figures('?by=hour');
my ($hour) = $hours =~ m{<time datetime="[^"]+">([^<]+)</time></th>};
like $hour, qr/^\d{4}年\d+月\d+日（.）\d\d:00$/, 'a row for this hour';
is_deeply numbers($hours, $hour), [ 3, 3, 3, 2 ], 'and what happened in it';
like $hours, qr{href="\?by=hour" aria-current="true"}, 'which one it is';
like figures("?by=$_"), qr{href="\?by=day" aria-current="true"}, 'by day' for 'week', "'%00", '<script>';

# English.
like $is{owner}->get("$path?lang=en")->{text}, qr/From the visit to the prize/, 'in English';

# The claim goes on.
sql("UPDATE kuji.claim c SET state = 'redeemed' FROM kuji.campaign k
      WHERE k.id = c.campaign_id AND k.slug = '$slug' AND c.n =
            (SELECT min(n) FROM kuji.claim WHERE campaign_id = k.id AND pos = 1)");
$page = figures();
is_deeply numbers($page, '受け取りの手続きをした'), [1], 'claimed';
is_deeply numbers($page, '手続き待ち'), [2], 'two to go';

# A draft has prizes and no more.
my $draft = campaign({ method => 'odds' }, draft => 1);
$page = $is{editor}->get("/admin/campaigns/$draft/figures")->{text};
like $page, qr/まだ公開していません/, 'a draft';
unlike $page, qr/ページを開いた/, 'has no figures';

# Serial codes.
my $coded = campaign({ method => 'odds', gates => ['code'] });
ctl('codes', 'generate', 'first', $coded, '7');
$page = $is{viewer}->get("/admin/campaigns/$coded/figures")->{text};
is_deeply numbers($page, '発行したコード（枚）'), [7], 'codes issued';
is_deeply numbers($page, '使われた回数'), [0], 'none used';
unlike figures(), qr/発行したコード/, 'only where codes are the gate';

# The rail leads there those who may go.
like $is{viewer}->get($path)->{text}, qr{<a href="\Q$path\E" aria-current="page">集計</a>}, 'the rail';

done_testing;
