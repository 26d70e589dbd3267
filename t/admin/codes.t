#!/usr/bin/perl
# Serial codes on the console: made once into a file, taken from a list with a
# report, counted, disabled.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use IO::Socket::INET ();
use Kuji::Admin;
use Kuji::Console;
use Kuji::Test;

my $me   = Kuji::Admin->new;
my $slug = campaign({ gates => ['code'] });
my $base = "/admin/campaigns/$slug/codes";

# A line of the table of batches: size, uses, spent, unused.
sub counts {
    my ($name) = @_;
    my ($row) = grep { /<th scope="row">\Q$name\E / } $me->get($base)->{text} =~ m{(<tr.*?</tr>)}gs;
    return join ' ', ($row // '') =~ m{<td class="num">([\d,]+)</td>}g;
}

like $me->get($base)->{text}, qr/シリアルコードはまだありません/, 'none yet';
like $me->get("/admin/campaigns/$slug")->{text}, qr/使えるシリアルコードがまだありません/, 'its page misses them';

# ---- made ----

my %make = (make_name => 'チラシ', count => 12000, symbols => 10, make_uses => 2);
my $r = $me->send("$base/make", %make);
is $r->{status}, 200, 'made';
like $r->{headers}{'content-disposition'}, qr/^attachment; filename="codes-$slug-\d+\.csv"$/, 'as a file';
like $r->{headers}{'content-type'}, qr{^text/csv}, 'of CSV';
is $r->{headers}{'cache-control'}, 'no-store', 'that nobody keeps';
my ($head, @codes) = split /\r\n/, $r->{text};
is $head, 'code', 'its head';
is scalar @codes, 12000, 'all of them';
is scalar(grep { !/^[0-9A-HJKMNP-TV-Z]{11}$/ } @codes), 0, 'of the alphabet, with a check symbol';
is scalar(keys %{ { map { $_ => 1 } @codes } }), 12000, 'none twice';
is counts('チラシ'), '12,000 2 0 24,000', 'counted';
is draw($slug, code => $codes[0], count => 2)->{status}, 201, 'one draws';
is draw($slug, code => $codes[11999])->{status}, 201, 'so does the last';
is counts('チラシ'), '12,000 2 3 23,997', 'used and unused';
is sql("SELECT count(*) FROM kuji.audit WHERE detail::text LIKE '%$codes[0]%'"), '0', 'no code in the audit log';
for my $case ([ make_name => '' ], [ make_name => 'あ' x 67 ], [ count => '0' ], [ count => '5000001' ],
    [ symbols => '7' ], [ symbols => '33' ], [ make_uses => '0' ], [ make_uses => '1000001' ])
{
    my $r = $me->send("$base/make", %make, @$case);
    is $r->{status}, 422, "$case->[0] '$case->[1]': refused";
    like $r->{text}, qr/id="f-$case->[0]-error"/, 'at its field';
}
is sql("SELECT count(*) FROM kuji.code_batch b JOIN kuji.campaign c ON c.id = b.campaign_id
    WHERE c.slug = '$slug'"), '1', 'and nothing made';

# ---- a download that breaks off ----

my ($host) = site_url() =~ m{//(.*)};
my $socket = IO::Socket::INET->new(PeerAddr => $host) or die "$!";
my $body = 'make_name=gone&count=2000000&symbols=12&make_uses=1';
my $cookie = $me->cookies('/admin');
print $socket "POST $base/make HTTP/1.1\r\nHost: $host\r\nCookie: $cookie\r\nSec-Fetch-Site: same-origin\r\n"
    . "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " . length($body) . "\r\n\r\n$body";
sysread $socket, my $first, 4096;
like $first, qr/^HTTP\/1\.1 200/, 'begun';
close $socket;
my $off = '';
for (1 .. 200) {
    $off = sql("SELECT disabled FROM kuji.code_batch WHERE name = 'gone'");
    last if $off eq 't';
    select undef, undef, undef, 0.1;
}
is $off, 't', 'its batch is worth nothing';
cmp_ok sql("SELECT size FROM kuji.code_batch WHERE name = 'gone'"), '<', 2_000_000, 'and was not finished';
like $me->get($base)->{text}, qr/停止中/, 'the page says so';

# ---- taken ----

$r = $me->send("$base/import", take_name => '印刷ずみ', take_uses => 1,
    codes => "シリアルコード,枚数\r\nAB-1234,1\r\n\r\nab1234\r\nあいう\r\n\"CD5678\",\"x\"\r\n$codes[5]\r\n");
is $r->{status}, 200, 'a list is taken';
my @sums = $r->{text} =~ m{<dd>([\d,]+)</dd>}g;
is "@sums", '5 2 2 1', 'lines, stored, duplicates, none';
my @lines = $r->{text} =~ m{<th scope="row" class="num">(\d+)</th><td>([^<]*)}g;
is_deeply \@lines, [ 4 => 'すでにあるか、同じコードが二度あります', 5 => '英数字のコードではありません',
    7 => 'すでにあるか、同じコードが二度あります' ], 'each line that was not';
is draw($slug, code => 'ＡＢ１２３４')->{status}, 201, 'one draws';
is counts('印刷ずみ'), '2 1 1 1', 'counted';
for my $case ([ take_name => '' ], [ codes => ' ' ], [ take_uses => 'x' ]) {
    is $me->send("$base/import", take_name => 'x', take_uses => 1, codes => 'A1', @$case)->{status}, 422,
        "$case->[0]: refused";
}
$r = $me->send("$base/import", take_name => '"><script>alert(1)</script>', take_uses => 1,
    codes => join("\n", map { "\x{3042}$_" } 1 .. 300));
like $r->{text}, qr/はじめの 200 行だけ/, 'a long report is cut';
like $r->{text}, qr/束は作っていません/, 'and says that there is no batch';
unlike $me->get($base)->{text}, qr/&lt;script&gt;alert/, 'and nothing but faults makes no batch';
is $me->send("$base/import", take_name => 'x', take_uses => 1, codes => 'A' x (2 * 1024 * 1024))->{status}, 413,
    'too much at once';

# ---- nothing new ----

sub batches {
    return sql("SELECT count(*) FROM kuji.code_batch b JOIN kuji.campaign c ON c.id = b.campaign_id
        WHERE c.slug = '$slug'");
}
my $batches = batches();
my $audits  = sql('SELECT count(*) FROM kuji.audit');
$r = $me->send("$base/import", take_name => 'また', take_uses => 1, codes => "ab1234\nあ\nCD5678\n");
is $r->{status}, 200, 'a list of which nothing is new';
@lines = $r->{text} =~ m{<th scope="row" class="num">(\d+)</th><td>([^<]*)}g;
is scalar @lines, 6, 'is answered line by line';
like $r->{text}, qr/束は作っていません/, 'and says that there is no batch';
is batches(), $batches, 'nothing remains';
is sql('SELECT count(*) FROM kuji.audit'), $audits, 'nothing happened';
is $me->send("$base/import", take_name => '"><script>alert(1)</script>', take_uses => 1, codes => 'NAME-1')->{status},
    200, 'a name of markup';
like $me->get($base)->{text}, qr/&lt;script&gt;alert/, 'is a name';

# ---- from a file ----

sub file {
    my ($query, $body, %headers) = @_;
    return $me->ask('POST', "$base/import?$query", body => $body,
        headers => { 'Content-Type' => 'text/csv', 'Sec-Fetch-Site' => 'same-origin', %headers });
}
$r = file('name=%E5%8D%B0%E5%88%B7&uses=2', "\xef\xbb\xbfcode\r\n" . join('', map { "FILE-$_\r\n" } 10_000 .. 39_999)
    . "FILE-10000\r\n\xff\xfe\r\n");
is $r->{status}, 200, 'a file';
is join(' ', map { $r->{headers}{"kuji-$_"} } qw(lines stored duplicate malformed)), '30002 30000 1 1', 'its counts';
like $r->{headers}{'content-disposition'}, qr/^attachment; filename="\Q$slug\E-faults\.csv"$/, 'a file back';
is join('', sort split /(?<=\n)/, $r->{text}),
    "30002,すでにあるか、同じコードが二度あります\r\n30003,英数字のコードではありません\r\n\x{feff}行,理由\r\n",
    'of the lines that brought none';
is counts('印刷'), '30,000 2 0 60,000', 'stored with its worth';
$batches = batches();
$r = file('name=nothing', "\xff\n\xe3\x81\x82\n");
is join(' ', $r->{status}, map { $r->{headers}{"kuji-$_"} } qw(lines stored duplicate malformed)), '200 2 0 0 2',
    'a file of faults';
is batches(), $batches, 'makes no batch either';
is file('name=', 'A1')->{status}, 422, 'without a name';
is file('name=x&uses=0', 'A1')->{status}, 422, 'without a worth';
is file('name=x', 'A1', 'Content-Type' => 'application/zip')->{status}, 400, 'no list';
is file('name=x', 'A1', 'Sec-Fetch-Site' => 'cross-site')->{status}, 403, 'from another site';
$r = $me->send("$base/import", take_name => 'x', take_uses => 1, faults => 'csv',
    codes => join("\n", map { "\x{3042}$_" } 1 .. 300));
is scalar(() = $r->{text} =~ /英数字のコードではありません/g), 300, 'a form is answered with all of them, too';

# ---- disabled ----

my ($id) = sql("SELECT b.id FROM kuji.code_batch b JOIN kuji.campaign c ON c.id = b.campaign_id
    WHERE b.name = 'チラシ' AND c.slug = '$slug'");
is $me->send("$base/$id/disable")->{status}, 303, 'disabled';
is draw($slug, code => $codes[1])->{status}, 422, 'no code of it draws';
is $me->send("$base/$id/disable")->{status}, 409, 'not twice';
is $me->send("$base/$id/enable")->{status}, 303, 'enabled';
is draw($slug, code => $codes[1])->{status}, 201, 'they do again';
is $me->send("$base/999999999/disable")->{status}, 404, 'no such batch';
is $me->send("$base/0/disable")->{status}, 404, 'no number';
my $other = campaign({ gates => ['code'] });
is $me->send("/admin/campaigns/$other/codes/$id/disable")->{status}, 404, "another campaign's";

done_testing;
