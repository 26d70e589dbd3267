#!/usr/bin/perl
# 入力 → 確認 → 完了, the postal code's address, changing it until the deadline,
# replays, two tabs, and whatever a winner may type.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Kuji::Admin;
use Kuji::Form;
use Kuji::Test;
use Kuji::Winner;

my $owner = Kuji::Admin->new;

ctl('postal', 'import', ($ENV{KUJI_SRC} // '.') . '/conf/postal-sample.csv', '--sample');

my @all = ('name', 'kana', 'postal', 'address', 'phone', 'mail');
my $slug = winners_campaign(claim_days => 14, claim_fields => [ @all,
    { name => 'note', required => JSON::PP::false(), label => 'サイズは？', label_en => 'Which size?' } ]);
my $me   = winner($slug);
my $path = claim_path($slug, $me);
my %full = (%taro, kana => 'やまだ　たろう', mail => 'taro@example.jp', note => 'L');

# The form.
my $page = $me->get($path)->{text};
like $page, qr/受け取りの期限.*?年.*?あと 1[34] 日/s, 'the deadline, with the days left';
for my $input ([ name => 'name' ], [ postal => 'postal-code', 'numeric' ], [ city => 'address-level2' ],
    [ street => 'address-line1' ], [ building => 'address-line2' ], [ phone => 'tel', 'tel' ], [ mail => 'email', 'email' ])
{
    my ($name, $auto, $mode) = @$input;
    my ($tag) = $page =~ /(<input[^>]*id="c-$name"[^>]*>)/;
    like $tag, qr/autocomplete="$auto"/, "$name: browsers know what it is";
    like $tag, qr/inputmode="$mode"/, "$name: its keyboard" if $mode;
}
like $page, qr/<select[^>]*id="c-prefecture"[^>]*autocomplete="address-level1"/, 'prefectures to choose from';
is scalar(() = $page =~ /<option/g), 48, 'all of them';
like $page, qr/サイズは？ <span class="claim-may">任意/, "the organiser's question";
like $me->get("$path?lang=en")->{text}, qr/Which size\?/, 'in English';
$me->get("$path?lang=ja");
ok index($page, 'value="confirm"') < index($page, 'value="address"'), 'Enter confirms, whatever comes after';

# The address by its code, without a script.
my $r = claim($slug, $me, step => 'address', postal => '１００−０００１', name => '山田');
is $r->{status}, 200, 'looked up';
like $r->{text}, qr/<option selected>東京都/, 'the prefecture';
like $r->{text}, qr/id="c-city"[^>]*value="千代田区"/, 'the city';
like $r->{text}, qr/id="c-street"[^>]*value="千代田"/, 'the street';
like $r->{text}, qr/value="山田"/, 'what was typed is still there';
$r = claim($slug, $me, step => 'address', postal => '1000001', city => '別の市', street => '');
like $r->{text}, qr/value="別の市"/, 'never over what was typed';
like $r->{text}, qr/すでに入力された欄は/, 'and it says so';
$r = claim($slug, $me, step => 'address', postal => '4980000');
like $r->{text}, qr/id="c-city"[^>]*value=""/, 'two prefectures with one code: nothing is guessed';
like claim($slug, $me, step => 'address', postal => '9999999')->{text}, qr/見つかりませんでした/, 'no such place';
$r = claim($slug, $me, step => 'address', postal => '12');
is $r->{status}, 422, 'no code';
like $r->{text}, qr/id="c-postal-error">郵便番号は/, 'at its field';
is claim_state($slug, $me), 'won', 'nothing was sent by that';

# The same for scripts.
my $answer = request('GET', "/k/$slug/postal?code=100-0001");
is $answer->{status}, 200, 'the look-up';
is_deeply $answer->{json}, { code => '1000001', found => JSON::PP::true(), prefecture => '東京都',
    city => '千代田区', street => '千代田' }, 'the place';
like $answer->{headers}{'cache-control'}, qr/public, max-age=300/, 'kept by browsers';
is request('GET', "/k/$slug/postal?code=9999999")->{json}{found}, JSON::PP::false(), 'none';
is request('GET', "/k/$slug/postal?code=$_")->{status}, 400, "not for $_" for '', '12', 'x', "1000001'--", '%FF';
is request('GET', '/k/nothing/postal?code=1000001')->{status}, 404, 'of a campaign';

# Looked up too often: by one browser, then by one network without cookies.
sub look_up {
    my ($who, $from, $most) = @_;
    my ($count, $r) = (0);
    do { $r = $who->get("/k/$slug/postal?code=1000001", headers => { 'X-Forwarded-For' => $from }) }
        while $r->{status} == 200 && ++$count < $most;
    return ($r, $count);
}
my ($hasty, $calm) = (Kuji::Form->new, Kuji::Form->new);
$_->form($slug) for $hasty, $calm;
my ($refused, $before) = look_up($hasty, '198.51.100.9', 300);
is $refused->{status}, 429, 'too often: 429';
cmp_ok $before, '>=', 30, 'after thirty';
like $refused->{headers}{"retry-after"}, qr/^[12]$/, 'says when';
is((look_up($calm, '198.51.100.9', 1))[0]{status}, 200, 'a neighbour goes on');
($refused, $before) = look_up(Kuji::Form->new, '203.0.113.77', 6000);
is $refused->{status}, 429, 'without a cookie: the network\'s number';
cmp_ok $before, '>=', 600, 'which is larger';
is((look_up(Kuji::Form->new, '198.51.100.9', 1))[0]{status}, 200, 'another network goes on');
is claim($slug, $me, step => 'address', postal => '1000001')->{status}, 200, 'the form\'s own button works as ever';

# What is wrong is said at its field, kindly, and nothing is lost.
for my $case ([ name => ' ', '入力してください' ], [ kana => '山田', 'ひらがなかカタカナ' ], [ postal => '1', '7桁' ],
    [ prefecture => '江戸', '都道府県を選んで' ], [ phone => '123', '市外局番' ], [ mail => 'x', '形になっていません' ],
    [ street => "a\tb", '使えない文字' ], [ city => 'あ' x 101, '長すぎます' ])
{
    my ($name, $value, $word) = @$case;
    for my $step ('confirm', 'send') {
        my $r = claim($slug, $me, %full, step => $step, $name => $value);
        is $r->{status}, 422, "$name: refused at $step";
        like $r->{text}, qr/id="c-$name-error">[^<]*\Q$word/, "$name: and why";
        like $r->{text}, qr/aria-invalid="true"/, "$name: marked";
    }
}
is claim_state($slug, $me), 'won', 'nothing was sent';

# Confirm.
$r = claim($slug, $me, %full, step => 'confirm', version => 0);
is $r->{status}, 200, 'the confirming page';
like $r->{text}, qr/aria-current="step">確認/, 'is the second step';
like $r->{text}, qr/ヤマダ タロウ/, 'kana as it will be kept';
is claim_state($slug, $me), 'won', 'nothing is stored yet';
my %hidden = map { my ($n, $v) = $_ =~ /name="([^"]*)" value="([^"]*)"/; ($n => $v) }
    $r->{text} =~ /(<input type="hidden"[^>]*>)/g;
is $hidden{kana}, 'ヤマダ タロウ', 'it carries what was typed';
$r = claim($slug, $me, %hidden, step => 'edit');
like $r->{text}, qr/id="c-kana"[^>]*value="ヤマダ タロウ"/, 'back to the form with all of it';
$r = claim($slug, $me, %hidden, step => 'send');
is $r->{status}, 303, 'sent';
$page = $me->get($path)->{text};
like $page, qr/aria-current="step">完了/, 'the third step';
like $page, qr/href="\Q$path\E\?edit=1"/, 'it can be changed';
unlike $page, qr/札幌市/, 'the address is not shown by itself';
is claim_state($slug, $me), 'claimed', 'claimed';

sub rows {
    my ($what) = @_;
    return scalar sql("SELECT $what FROM kuji.claim_detail d JOIN kuji.campaign c ON c.id = d.campaign_id
        WHERE c.slug = '$slug' AND d.n = $me->{n}");
}
sub changes {
    return scalar sql("SELECT count(*) FROM kuji.audit WHERE action LIKE 'claim.%'");
}

# A replay changes nothing.
my ($version, $audit) = (rows('d.version'), changes());
is claim($slug, $me, %hidden, step => 'send')->{status}, 303, 'the same again' for 1 .. 3;
is rows('d.version'), $version, 'changed nothing';
is changes(), $audit, 'and is no event';

# Two tabs: each began with the version it saw.
$page = $me->get("$path?edit=1")->{text};
like $page, qr/id="c-street"[^>]*value="北一条西1-2"/, 'what was given is there to change';
my ($shown) = $page =~ /name="version" value="(\d+)"/;
is claim($slug, $me, %full, version => $shown, street => '一の一')->{status}, 303, 'one tab';
$r = claim($slug, $me, %full, version => $shown, street => '二の二');
is $r->{status}, 409, 'the other is told';
like $r->{text}, qr/上書きはしていません/, 'that nothing was overwritten';
like $r->{text}, qr/value="二の二"/, 'with what was typed';
($shown) = $r->{text} =~ /name="version" value="(\d+)"/;
is claim($slug, $me, %full, version => $shown, street => '二の二')->{status}, 303, 'sent again on purpose';

# The deadline.
sql("UPDATE kuji.claim_detail SET due_at = 1 WHERE n = $me->{n}
      AND campaign_id = (SELECT id FROM kuji.campaign WHERE slug = '$slug')");
unlike $me->get("$path?edit=1")->{text}, qr/id="c-street"/, 'no form after the deadline';
is claim($slug, $me, %full, street => '三')->{status}, 409, 'and no change';
my $late = winner($slug);
win_ago($slug, $late, 15);
is claim($slug, $late, %full)->{status}, 409, 'nor a first claim';
unlike $late->get(claim_path($slug, $late))->{text}, qr/id="c-street"/, 'no form either';

# Hostile texts go in and come out as texts.
my @hostile = (q{<script>alert(1)</script>}, q{"><img src=x onerror=alert(1)>}, q{'; DROP TABLE kuji.claim; --},
    q{{{{tenant.title}}}}, q{=HYPERLINK("http://x")}, "\x{202e}\x{feff}RTL", '𠮷野家🍜');
for my $text (@hostile) {
    my $who = winner($slug);
    my %typed = (%full, map { $_ => $text } qw(name city street building note));
    my $r = claim($slug, $who, %typed, step => 'confirm', version => 0);
    is $r->{status}, 200, 'confirmed' or next;
    unlike $r->{text}, qr/<script>alert|<img src=x/, 'escaped on the confirming page';
    is claim($slug, $who, %typed)->{status}, 303, 'sent';
    unlike $who->get(claim_path($slug, $who) . '?edit=1')->{text}, qr/<script>alert|<img src=x|さくら.*tenant/, 'escaped in the form';
    my $console = $owner;
    unlike $console->get("/admin/campaigns/$slug/draws/$who->{n}")->{text}, qr/<script>alert|<img src=x/, 'and in the console';
}
my $csv = $owner->get("/admin/campaigns/$slug/exports/claims.csv?encoding=utf-8")->{text};
like $csv, qr/"'=HYPERLINK/, 'no formula in the export';
like $csv, qr/,都道府県,市区町村,町名・番地,建物名,引き換えた店舗,同意日時,お知らせの同意日時,専用リンクの内容\r?$/m, 'an address by its parts' or diag substr $csv, 0, 400;
like $csv, qr/北海道札幌市中央区二の二/, 'and as one';

# Another's number.
is winner($slug)->get($path)->{status}, 404, "another's page";
my $thief = winner($slug);
is +Kuji::Admin::send($thief, $path, %full, step => $_)->{status}, 404, "$_: not another's" for qw(send confirm address edit);

done_testing;
