#!/usr/bin/perl
# What a form says before it is saved: sums, forecast, preview; and that asking
# changes nothing.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Kuji::Admin;
use Kuji::Console;
use Kuji::Test;

my $me   = Kuji::Admin->new(role => 'editor');
my $slug = campaign({ title => '歳末大福引', odds_total => 10_000, prizes => [
    { code => 'A', name => '温泉宿泊券', units => 2, weight => 5, kind => 'parcel' },
    { code => 'B', name => '商品券', units => 500, weight => 4000, kind => 'coupon' } ] }, draft => 1);
my $home = "/admin/campaigns/$slug";

sub typed {
    my ($path, %more) = @_;
    my $page = $me->get("$home$path");
    my ($action) = $page->{text} =~ /id="desk-form" method="post" action="([^"]+)"/ or die "no form on $path";
    return $me->send($action, fields($page->{text}, $action), %more);
}

# A prize.
my $version = version_of($slug);
my $r = typed('/prizes/B', check => 'numbers', weight => 95, visitors => 2000);
is $r->{status}, 200, 'a prize is asked about';
like $r->{text}, qr{当たりの確率</dt><dd>1%</dd>}, 'its odds with the others';
like $r->{text}, qr{割り当て</dt><dd>100 / 10,000</dd>}, 'and their sum';
like $r->{text}, qr{<th scope="row">商品券</th><td class="num">[\d.]+</td><td>最後まで残る</td>}, 'what is won a day';
like $r->{text}, qr/name="weight" value="95"/, 'what was typed stays';
like typed('/prizes/B', check => 'numbers', weight => 9995, units => 10, visitors => 100_000)->{text},
    qr{<th scope="row">商品券</th><td class="num">10</td><td>20\d\d年}, 'and the day when it is gone';
$r = typed('/prizes/B', check => 'numbers', weight => 9996);
is $r->{status}, 422, 'too much is asked about';
like $r->{text}, qr/割り当ての合計が分母を超えています/, 'said beside the form';
like $r->{text}, qr/id="f-weight-error"/, 'and at the field';
like typed('/prizes/B', check => 'numbers', visitors => $_)->{text}, qr/必要な欄がそろうと/, "visitors: '$_'"
    for 0, '9' x 15;
like typed('/new-prize', check => 'numbers')->{text}, qr/必要な欄がそろうと/, 'a prize without a name';

# The participants' page.
$r = typed('/prizes/B', check => 'preview', name => '五百円の商品券');
is $r->{status}, 200, 'a preview';
like $r->{text}, qr/五百円の商品券/, 'of what is typed';
like $r->{headers}{'content-security-policy'}, qr/frame-ancestors 'self'/, 'for our own frame';
like typed('/texts', check => 'preview', ja_lead => 'いらっしゃいませ')->{text}, qr/いらっしゃいませ/, 'of the texts';
like typed('/edit', check => 'preview', title => '夏の大福引')->{text}, qr/夏の大福引/, 'of the campaign';
is typed('/new-prize', check => 'preview')->{status}, 409, 'not of half a prize';
is typed('/edit', check => 'numbers', method => 'raffle')->{status}, 200, 'another method';
is version_of($slug), $version, 'nothing was saved';

# A theme that was saved shows in it.
is $me->send("$home/theme", expected => 0, base => 'yuki', css => '', save => 1)->{status}, 303, 'a theme';
like $me->get("$home/preview")->{text}, qr/class="theme-yuki"/, 'is the preview\'s';

# Fields that have no other place.
is typed('/texts', claim_days => $_)->{status}, 422, "days to claim: '$_'" for 0, 3651, 'x';
is typed('/texts', claim_days => 14)->{status}, 303, 'days to claim';
is config_row($slug, "config ->> 'claim_days'"), '14', 'are kept';
is typed('/texts', claim_days => '')->{status}, 303, 'none';
is config_row($slug, "config ->> 'claim_days'"), '', 'are none';
my $image = $me->ask('POST', '/admin/images', body => slurp_file("$ENV{KUJI_SRC}/t/unit/images/rgb.png"),
    headers => { 'Content-Type' => 'application/octet-stream', 'Sec-Fetch-Site' => 'same-origin' });
my ($name) = $me->get('/admin/images')->{text} =~ m{url\(/i/([\w.]+)\)} or die 'no image';
like $me->get("$home/prizes/A")->{text}, qr/name="image" value="\Q$name\E"/, 'an image to choose';
is typed('/prizes/A', image => $name)->{status}, 303, 'is chosen';
is config_row($slug, "config #>> '{prizes,0,image}'"), $name, 'and kept';
like $me->get("$home/prizes/A")->{text}, qr/name="image" value="\Q$name\E" checked/, 'and shown';
is typed('/prizes/A', image => $_)->{status}, 422, "no image: $_" for '../x', 'https://x/y.png';
is typed('/prizes/A', image => '')->{status}, 303, 'none';
is config_row($slug, "config #>> '{prizes,0,image}'"), '', 'is none';

done_testing;
