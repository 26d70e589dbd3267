#!/usr/bin/perl
# One person: found by what they give, shown, corrected, erased; and the ledger
# verifies as before.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Kuji::Admin;
use Kuji::Test;
use Kuji::Winner;

my $owner = Kuji::Admin->new;
my $slug  = winners_campaign();
my $base  = "/admin/campaigns/$slug";
my $taro  = winner($slug);
my $other = winner($slug);
my $name  = '山田 ' . unique('太郎') =~ tr/0-9-/０-９－/r;
is claim($slug, $taro, %taro, name => $name)->{status}, 303, 'claimed';
my $kept = $name =~ tr/０-９－/0-9-/r;
is claim($slug, $other, %taro, name => '鈴木花子', phone => '080-9999-0000')->{status}, 303, 'another';

# Found.
my $person = "/admin/people/$slug/$taro->{n}";
sub find {
    my ($q) = @_;
    return $owner->send('/admin/people', q => $q)->{text};
}
like $owner->get('/admin/people')->{text}, qr/<label for="f-q">手がかり/, 'the page';
like find($_), qr/href="\Q$person\E"/, "found by $_" for $name, $name =~ s/ //r, '０９０　１２３４　５６７８', '+81 90-1234-5678';
like find($_), qr/href="\Q$person\E"/, "found by a part of it: $_" for substr($name, 3), substr($name, 0, 4), '山';
like find('花子'), qr{href="/admin/people/\Q$slug\E/$other->{n}">[^<]*</a></th><td>鈴木花子</td>}, 'a given name, and whose it is';
like $owner->send("$base/winners", q => '鈴')->{text}, qr{/people/\Q$slug\E/$other->{n}"}, 'from the list of winners, too';
unlike find('木花 山'), qr{/people/\Q$slug\E/}, 'each word must be there';
like find('いません'), qr/見つかりませんでした/, 'nobody';
is $owner->send('/admin/people', q => '')->{status}, 422, 'nothing to look for';
is $owner->send('/admin/people', q => "x'; DROP TABLE kuji.claim; --")->{status}, 200, 'SQL is a name';
is $owner->ask('POST', '/admin/people', body => 'q=%ff', headers => {
    'Content-Type' => 'application/x-www-form-urlencoded', 'Sec-Fetch-Site' => 'same-origin' })->{status}, 400,
    'broken UTF-8';
my $api = unique('customer');
is draw($slug, participant => $api)->{status}, 201, 'a program\'s participant';
like find($api), qr{href="/admin/people/\Q$slug\E/3"}, 'found by the program\'s id';
is $owner->get('/admin/people?q=' . 'x')->{status}, 200, 'the address says nothing';

# Who may.
for my $role (qw(editor staff viewer)) {
    my $them = Kuji::Admin->new(role => $role);
    is $them->get('/admin/people')->{status}, 403, "$role: none of it";
    is $them->send('/admin/people', q => $name)->{status}, 403, "$role: no search";
    is $them->get($person)->{status}, 403, "$role: nobody";
    is $them->send("$person/erase", confirm => $taro->{n})->{status}, 403, "$role: no erasure";
    is $them->send($person, version => 1, f_name => 'x')->{status}, 403, "$role: no correction";
}
my $stranger = Kuji::Admin->new(site => 'second', prefix => '/kuji');
is $stranger->get("/kuji$person")->{status}, 404, 'another tenant\'s owner: not there';
is $stranger->send("/kuji$person/erase", confirm => $taro->{n})->{status}, 404, 'nor to be erased';
unlike $stranger->send('/kuji/admin/people', q => $name)->{text}, qr/\Q$slug\E/, 'nor found';

# Shown and corrected.
my $page = $owner->get($person);
is $page->{status}, 200, 'shown';
like $page->{text}, qr/\Q$kept\E.*札幌市中央区.*北一条西1-2.*090-1234-5678/s, 'all that was given';
unlike $page->{text}, qr/鈴木/, 'and nobody else\'s';
like $page->{text}, qr/応募要項と個人情報の取り扱いに同意します.*\/k\/\Q$slug\E/s, 'what was agreed to, and where';
my @export = split /\r\n/, $owner->get("$base/exports/claims.csv")->{text};
like $export[0], qr/,同意日時,お知らせの同意日時,専用リンクの内容$/, 'the export says when';
like +(grep { /\Q$kept\E/ } @export)[0], qr/,\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,,$/, 'for each winner';
my ($version) = $page->{text} =~ /name="version" value="(\d+)"/;
my %fields = map { ; "f_$_" => $taro{$_} } keys %taro;
my $r = $owner->send($person, %fields, version => $version, f_name => "$name<script>");
is $r->{status}, 303, 'corrected';
$page = $owner->follow($r);
like $page->{text}, qr/入力内容を訂正しました。/, 'said';
like $page->{text}, qr/\Q$name\E&lt;script&gt;/, 'as text';
is $owner->send($person, %fields, version => $version)->{status}, 409, 'an older page overwrites nothing';
is $owner->send($person, version => $version + 1, f_name => 'x' x 2000)->{status}, 422, 'too long';
is $owner->send($person, version => $version + 1)->{status}, 422, 'nothing';
is sql("SELECT detail ->> 'fields' FROM kuji.audit WHERE actor = '$owner->{id}' AND action = 'claim.correct'"),
    '["name"]', 'the audit log knows which fields';

# Erased.
my $before = request('GET', "/k/$slug/ledger.jsonl")->{content};
is $owner->send("$person/erase", confirm => '77')->{status}, 422, 'the number must be typed';
is $owner->send("$person/erase", confirm => $taro->{n}, _headers => { 'Sec-Fetch-Site' => 'cross-site' })->{status},
    403, 'not from elsewhere';
$r = $owner->send("$person/erase", confirm => $taro->{n});
is $r->{status}, 200, 'erased';
my ($receipt) = $r->{text} =~ m{控えの番号</dt><dd><code class="long">([0-9a-f-]{36})};
is sql("SELECT cause || draws || claims FROM kuji.erasure WHERE id = '$receipt'"), 'request11', 'a receipt';
unlike $r->{text}, qr/\Q$name\E|札幌/, 'says nothing of the person';
like find($name), qr/見つかりませんでした/, 'nobody is found';
like $owner->get($person)->{text}, qr/この方の情報は消去済みです。/, 'nothing is shown';
unlike $owner->get($person)->{text}, qr/\Q$name\E|札幌|090-1234/, 'indeed';
unlike $owner->get("$base/draws/$taro->{n}")->{text}, qr/\Q$name\E|札幌|090-1234/, 'nor at the draw';
is $owner->send("$person/erase", confirm => $taro->{n})->{status}, 409, 'once';
is $taro->get(claim_path($slug, $taro))->{status}, 404, 'the browser knows it no more';
is claim($slug, $taro, %taro)->{status}, 404, 'nor gives anything';
like $owner->get("/admin/people/$slug/$other->{n}")->{text}, qr/鈴木花子/, 'the other one is still there';
is sql("SELECT detail - 'receipt' FROM kuji.audit WHERE actor = '$owner->{id}' AND action = 'person.erase'"),
    '{"draws": 1, "claims": 1}', 'the audit log names no one';
is request('GET', "/k/$slug/ledger.jsonl")->{content}, $before, 'the ledger is the same';
draw($slug) for 1 .. 3;
ctl('campaign', 'close', 'first', $slug, '--reason', 'early');
my $said = do {
    open my $pipe, '-|', 'sh', '-c', 'kuji-verify "$1" 2>&1', 'sh', site_url() . "/k/$slug" or die $!;
    local $/;
    <$pipe>;
};
is $?, 0, 'kuji-verify agrees' or diag $said;

done_testing;
