#!/usr/bin/perl
# Gives themes.mjs a campaign of each theme in each phase, one with too much of
# everything, and one for each reveal.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use FindBin;
use JSON::PP ();
use Test::More;
use Time::HiRes ();
use Kuji::Test;
use Kuji::Form;

plan skip_all => 'npm ci in t/browser was not run'
    if !-d "$FindBin::Bin/node_modules/playwright-core";
my ($chromium) = grep { -x } $ENV{CHROMIUM} // (), '/usr/bin/chromium';
plan skip_all => 'no chromium' if !$chromium;

my $now = int(Time::HiRes::time() * 1000);
my %common = (
    title => '秋の大福引',
    privacy => { purpose => '賞品の発送にだけ使います。', retention_days => 30 },
    texts => { ja => { lead => '千円お買い上げごとに、一回引けます。',
            description => "会場で引いた方にも、そのままお使いいただけます。\n二行目です。",
            organiser => 'さくら通り商店街', contact => '03-0000-0000' } },
    prizes => [
        { code => 'A', grade => '特賞', name => '温泉ペア宿泊券', description => '一泊二食つき。',
            units => 3, weight => 100 },
        { code => 'B', grade => '一等', name => '商店街のお買い物券 3,000円分', units => 50, weight => 2000 },
        { code => 'C', name => '珈琲豆 100g', units => 500, weight => 400_000 } ],
);
my %all;
for my $theme (qw(ennichi yuki wakaba mono)) {
    my %of = (%common, theme => $theme);
    my %phase = (
        open   => campaign({ %of, counts => [ 1, 10 ] }),
        before => campaign({ %of, opens_at => $now + 3_600_000, closes_at => $now + 90_000_000 }),
        paused => campaign(\%of),
        closed => campaign(\%of),
        sold_out => campaign({ %of, method => 'box', blanks => 1,
                prizes => [ { code => 'A', name => '温泉ペア宿泊券', units => 1 } ] }),
    );
    request('POST', "/api/v1/campaigns/$phase{paused}/pause", token => 'first');
    request('POST', "/api/v1/campaigns/$phase{closed}/close", token => 'first',
        json => { reason => 'early' });
    draw($phase{sold_out}, count => 2);
    $all{$theme} = \%phase;
}
my $word = 'ドナウ川蒸気船運送会社船長帽子製造工場見学招待券引換証明書' x 2;
$all{ennichi}{much} = campaign({ %common,
    title => '年末年始さくら通り商店街創業百周年記念感謝祭大抽選会' x 2,
    counts => [ 1, 5, 10, 100 ],
    texts => { ja => { lead => $word, description => "$word\n" x 3 } },
    prizes => [ map { { code => "P$_", grade => $_ == 1 ? 'スーパープレミアム特別大賞' : "$_ 等",
                name => $_ == 2 ? $word : "賞品その$_", units => 1000 * $_, weight => 1000 } } 1 .. 20 ] });
my %reveals = map { $_ => campaign({ %common, reveal => $_, theme => (qw(ennichi yuki wakaba mono))[ length($_) % 4 ] }) }
    qw(garapon scratch slot roulette omikuji gacha card plain);

local $ENV{KUJI_URL}     = site_url('first');
local $ENV{KUJI_THEMES}  = JSON::PP->new->encode(\%all);
local $ENV{KUJI_REVEALS} = JSON::PP->new->encode(\%reveals);
local $ENV{CHROMIUM}     = $chromium;
exec 'node', "$FindBin::Bin/themes.mjs" or die "node: $!";
