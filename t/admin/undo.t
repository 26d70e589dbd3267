#!/usr/bin/perl
# After a save the page says what changed, and takes it back.
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
my $slug = campaign({ title => '歳末大福引', odds_total => 10_000, texts => { ja => { lead => '年の瀬に' } }, prizes => [
    { code => 'A', name => '温泉宿泊券', units => 2, weight => 5, kind => 'parcel' },
    { code => 'B', name => '商品券', units => 500, weight => 4000, kind => 'coupon' } ] }, draft => 1);
my $home = "/admin/campaigns/$slug";

sub save {
    my ($path, %more) = @_;
    my $page = $me->get("$home$path");
    my ($action) = $page->{text} =~ /id="desk-form" method="post" action="([^"]+)"/ or die "no form on $path";
    my $r = $me->send($action, fields($page->{text}, $action), %more);
    is $r->{status}, 303, "$path is saved";
    return $me->follow($r)->{text};
}
sub undo {
    my ($html) = @_;
    my $r = $me->send("$home/undo", fields($html, "$home/undo"));
    return ($r->{status}, $r->{status} == 303 ? $me->follow($r)->{text} : $r->{text});
}
sub line {
    my ($html, $label) = @_;
    my ($line) = $html =~ m{<span class="changed-label">\Q$label\E</span> (.*?)</li>}s;
    return defined $line ? $line =~ s/<[^>]+>|\n//gr : 'none';
}

# A text.
my $page = save('/texts', ja_lead => '新しい年に', claim_days => 14, show_left => []);
is line($page, 'ひとことの紹介'), '変更前 年の瀬に → 変更後 新しい年に', 'what changed';
is line($page, '当選手続きの期限（日）'), '変更前 なし → 変更後 14', 'what is new';
is line($page, '賞品の残りの数を見せる'), '変更前 なし → 変更後 いいえ', 'what was ticked';
unlike $me->get("$home/texts")->{text}, qr/変わったところ/, 'said once';
my ($status, $back) = undo($page);
is $status, 303, 'undone';
like $back, qr/元に戻しました。/, 'said so';
is line($back, 'ひとことの紹介'), '変更前 新しい年に → 変更後 年の瀬に', 'and what';
is config_row($slug, "concat_ws('|', config #>> '{texts,ja,lead}', config ->> 'claim_days')"), '年の瀬に', 'as before';
($status, $back) = undo($back);
is config_row($slug, "config #>> '{texts,ja,lead}'"), '新しい年に', 'and undone again';

# Prizes by their codes.
$page = save('/prizes/B', units => 400, name => '五百円の商品券');
is line($page, '賞品 B・本数'), '変更前 500 → 変更後 400', 'a prize';
is line($page, '賞品 B・賞品名'), '変更前 商品券 → 変更後 五百円の商品券', 'its name';
is line($page, '賞品 A・本数'), 'none', 'and no other';
my $r = $me->send("$home/prizes/A/remove", version => version_of($slug));
$page = $me->follow($r)->{text};
is line($page, '賞品 A'), '変更前 温泉宿泊券 → 変更後 なし', 'a prize that is gone';
($status) = undo($page);
is $status, 303, 'comes back';
is config_row($slug, "config #>> '{prizes,0,code}'"), 'A', 'where it was';
$r = $me->send("$home/prizes/A/move", version => version_of($slug), way => 'down');
like $me->follow($r)->{text}, qr/順番だけが変わりました/, 'an order';

# An address.
$page = save('/edit', slug => "$slug-x", title => '年始大福引');
is line($page, 'キャンペーン名'), '変更前 歳末大福引 → 変更後 年始大福引', 'a name';
$r = $me->send("$home-x/undo", fields($page, "$home-x/undo"));
is $r->{headers}{location}, $home, 'leads to where it is now';

# Not twice, not over another, not by everybody.
$page = save('/texts', ja_lead => 'A');
my %old = fields($page, "$home/undo");
save('/texts', ja_lead => 'B');
is $me->send("$home/undo", %old)->{status}, 409, 'not over a later change';
is config_row($slug, "config #>> '{texts,ja,lead}'"), 'B', 'which stays';
is $me->send("$home/undo", version => 0)->{status}, 409, 'nor without a version';
is(Kuji::Admin->new(role => $_)->send("$home/undo", %old)->{status}, 403, "not a $_") for qw(viewer staff);
is ctl('campaign', 'publish', 'first', $slug) ne '', 1, 'published';
is $me->send("$home/undo", version => version_of($slug))->{status}, 409, 'a publication is not taken back';
$page = save('/texts', ja_lead => 'C');
($status) = undo($page);
is $status, 303, 'but a text of what is published';

# A theme.
$r = $me->send("$home/theme", expected => 0, base => 'yuki', css => '', save => 1);
$page = $me->follow($r)->{text};
my ($form) = $page =~ m{(<form class="changed".*?</form>)}s;
like $form, qr/name="version" value="0"/, 'a theme that was saved';
my %f = $form =~ /name="(\w+)" value="(\d+)"/g;
is $me->send("$home/theme/show", %f)->{status}, 303, 'is taken back';
unlike $me->get("$home/preview")->{text}, qr/theme-yuki/, 'and gone';

# The audit log says it in the same words.
my $owner = Kuji::Admin->new;
like $owner->get('/admin/audit?action=campaign.edit')->{text}, qr{<span class="changed-label">ひとことの紹介</span>}, 'audit: in words';

done_testing;
