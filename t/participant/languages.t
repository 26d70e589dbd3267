#!/usr/bin/perl
# Which language a reader gets, how it is chosen and kept, and what an
# organiser wrote in the other one.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Kuji::Test;
use Kuji::Form;

my $slug = campaign({
    title => '秋のくじ',
    texts => { ja => { lead => 'いらっしゃいませ。', rules => 'お一人ずつ。' }, en => { rules => 'One by one.' } },
    privacy => { purpose => '発送のため。', retention_days => 1 },
    limits  => { draws_per_participant => 1, draws_per_day => 2 },
    prizes  => [ { code => 'A', name => '米', name_en => 'Rice', description => '新米です。', units => 1, weight => 1 },
        { code => 'B', name => '茶', units => 2, weight => 1 } ],
});
my @pages = ("/k/$slug", "/k/$slug/rules", "/k/$slug/me", "/k/$slug/fairness", '/', "/k/$slug/draws/1");

sub stranger {
    return Kuji::Form->new;
}

sub language_of {
    my ($accept, $path) = @_;
    my $r = Kuji::Form->new(language => $accept)->get($path // "/k/$slug");
    return $r->{headers}{'content-language'};
}

# By weight, not by place.
is language_of('en;q=0.3, ja;q=0.7'), 'ja', 'the greater weight';
is language_of('ja;q=0.3, en-GB;q=0.7'), 'en', 'in either order';
is language_of('ja;q=0, *'), 'en', 'a language that is refused';
is language_of('ja-JP'), 'ja', 'a region';
is language_of('fr'), 'ja', 'neither';

# Every page has the switch, and says in which language it is.
for my $path (@pages) {
    my $r = Kuji::Form->new(language => 'en')->get($path);
    like $r->{text}, qr/<html lang="en"/, "$path in English";
    like $r->{text}, qr/<a href="\?lang=ja" lang="ja" hreflang="ja">日本語<\/a>/, 'the way back';
    like $r->{headers}{vary}, qr/Accept-Language/, 'varies by what was asked';
    like $r->{headers}{vary}, qr/Cookie/, 'and by what was chosen';
    $r = stranger()->get($path);
    like $r->{text}, qr/<html lang="ja"/, 'in Japanese';
    like $r->{text}, qr/<a href="\?lang=en" lang="en" hreflang="en">English<\/a>/, 'the switch';
}
my $r = stranger()->get("/k/$slug?y=AB%20C&lang=ja&x=%26");
like $r->{text}, qr/<a href="\?lang=en&amp;y=AB\+C&amp;x=%26"/, 'the rest of the address stays';

# What was chosen is kept, and no cache may share the answer that keeps it.
my $me = Kuji::Form->new;
$r = $me->get("/k/$slug/rules?lang=en");
like $r->{headers}{'set-cookie'}, qr/^kuji-lang=en; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/, 'a cookie';
is $r->{headers}{'cache-control'}, 'private, no-cache', 'is for one reader';
$r = $me->get("/k/$slug/rules");
is $r->{headers}{'content-language'}, 'en', 'kept';
is $r->{headers}{'cache-control'}, 'public, max-age=300', 'and shared again';
$r = $me->get("/k/$slug/rules?lang=fr");
is $r->{headers}{'content-language'}, 'en', 'a language that there is not changes nothing';
ok !$r->{headers}{'set-cookie'}, 'nor the cookie';

# What stays in Japanese says so, where a screen reader needs it.
$r = $me->get("/k/$slug");
like $r->{text}, qr/<h1 class="hero-title" lang="ja">秋のくじ/, 'the title';
like $r->{text}, qr/<p class="hero-lead" lang="ja">いらっしゃいませ。/, 'a text without English';
like $r->{text}, qr/<h3 class="prize-name">Rice</, 'a name in English';
like $r->{text}, qr/<p class="prize-text" lang="ja">新米です。/, 'its description';
like $r->{text}, qr/<h3 class="prize-name" lang="ja">茶</, 'a name in Japanese alone';
like $r->{text}, qr/<p lang="ja">発送のため。/, 'the purpose';
like $me->get("/k/$slug/rules")->{text}, qr/<p class="preline">One by one\./, 'a text in English';
unlike stranger()->get("/k/$slug")->{text}, qr/<h1[^>]* lang=/, 'not in Japanese';

# Figures in words.
$r = $me->get("/k/$slug/rules");
like $r->{text}, qr/<li>1 draw per person<\/li>/, 'one';
like $r->{text}, qr/<li>2 draws per day in all<\/li>/, 'two';
like $r->{text}, qr/erased 1 day after the end/, 'one day';
like $me->get("/k/$slug")->{text}, qr/[A-Z][a-z]+day \d+ [A-Z][a-z]+ \d{4}, \d\d:\d\d \(JST\)/, 'a date with its clock';
like stranger()->get("/k/$slug/rules")->{text}, qr/お一人 1 回まで/, 'in Japanese';

# A zone of its own.
my $abroad = campaign({ title => 'Abroad', timezone => 'America/New_York' });
like stranger()->get("/k/$abroad")->{text}, qr/\d\d:\d\d（E[SD]T）/, 'Japanese names the clock too';

# Forms answer in the same language, and lead to the campaign's page.
$r = $me->post($slug, key => 'abc', consent => '');
like $r->{text}, qr/<html lang="en"/, 'a refusal in English';
like $r->{text}, qr/href="\/k\/$slug\?lang=ja"/, 'the switch of an answer';

# The console's door speaks both too.
$r = Kuji::Form->new(language => 'en;q=0.9, ja;q=0.1')->get('/admin/login');
like $r->{text}, qr/<html lang="en"/, 'the console in English';
like $r->{text}, qr/<a href="\?lang=ja" lang="ja" hreflang="ja">/, 'its switch';

done_testing;
