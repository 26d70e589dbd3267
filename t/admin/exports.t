#!/usr/bin/perl
# Exports: each file for each role, every encoding byte for byte, what a
# spreadsheet must not run, and what becomes of a download that breaks off.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Digest::SHA qw(sha256_hex);
use Encode qw(decode encode);
use IO::Select ();
use IO::Socket::INET ();
use JSON::PP ();
use Test::More;
use Time::HiRes qw(sleep time);
use Kuji::Admin;
use Kuji::Fill;
use Kuji::Test;

my @files = qw(draws winners claims codes payments);
my %admin = map { $_ => Kuji::Admin->new(role => $_) } qw(owner editor staff viewer);
my $owner = $admin{owner};

# Names that a spreadsheet must not run, and what CP932 lacks.
my @names = ('=1+1', '+1', '-1', '@A1', '＝1', '＋1', '－1', '＠A', "\t=1", "\r=1", ' =1', '　=1',
    '=HYPERLINK("http://x","y")', q(=cmd|' /C calc'!A0), '髙橋〜−‖', '𠮷', 'A,"B"', '0123', "'); DROP TABLE kuji.draw;--");
my @codes = map { "P$_" } 0 .. $#names;
my $slug  = campaign({ method => 'box', blanks => 0,
    prizes => [ map { { code => $codes[$_], name => $names[$_], kind => 'message', units => 1 } } 0 .. $#names ] });
is draw($slug)->{status}, 201, 'a draw' for @names;
my $base = "/admin/campaigns/$slug/exports";

# ---- who may ----
for my $file (@files) {
    for my $form (qw(csv jsonl)) {
        my $path = "$base/$file.$form";
        is request('GET', $path)->{status}, 401, "$file.$form: nobody";
        for my $role (sort keys %admin) {
            my $may = $role eq 'owner' || $role eq 'editor' && $file !~ /claims|payments/;
            is $admin{$role}->get($path)->{status}, $may ? 200 : 403, "$file.$form: $role";
        }
    }
}
is $admin{$_}->get($base)->{status}, /owner|editor/ ? 200 : 403, "the page: $_" for sort keys %admin;
is $admin{$_}->get('/admin/exports')->{status}, /owner|editor/ ? 200 : 403, "the log: $_" for sort keys %admin;
unlike $admin{editor}->get($base)->{text}, qr/claims\.csv/, 'an editor is not offered claims';
like $owner->get($base)->{text}, qr/claims\.csv/, 'an owner is';
my $there = Kuji::Admin->new(site => 'second', prefix => '/kuji');
is $there->get("/kuji$base/draws.csv")->{status}, 404, "another tenant's owner";
is $owner->get('/admin/campaigns/none/exports/draws.csv')->{status}, 404, 'no such campaign';
is $owner->get("$base/draws.xls")->{status}, 404, 'no such form';
is $owner->send("$base/draws.csv")->{status}, 405, 'a file is not posted to';

# ---- what is asked for ----
for my $query ('encoding=latin1', 'from=yesterday', 'from=2026-02-30', 'to=2026-13-01', 'actor=x',
    'state=won', 'to=2026-11-22x', "from=2026-11-22'")
{
    is $owner->get("$base/draws.csv?$query")->{status}, 400, "$query: refused";
}
is $owner->get("$base/winners.csv?state=lost")->{status}, 400, 'no such state';
is $owner->get("$base/codes.csv?from=2026-11-22")->{status}, 400, 'codes have no time';
is $owner->get("$base/payments.csv?state=won")->{status}, 400, 'a payment is not won';
is $owner->get("$base/payments.csv?prize=P1")->{status}, 400, 'nor is it a prize';
is $owner->get("$base/payments.csv?state=captured&from=2026-11-22")->{status}, 200, 'it has a state and a time';
unlike $owner->get($base)->{text}, qr/payments\.csv/, 'which are not offered where nothing is sold';
is $owner->get("$base/codes.csv?state=won")->{status}, 400, 'nor are they won';
is $owner->get("$base/winners.csv?state=won&prize=&from=&to=")->{status}, 200, 'an empty field is no filter';

# ---- the newest line of the log, a column each ----
sub logged {
    my ($columns) = @_;
    return sql("SELECT concat_ws('|', $columns) FROM kuji.download d
        LEFT JOIN kuji.download_end e ON e.download_id = d.id ORDER BY d.id DESC LIMIT 1");
}

# A small and strict CSV reader.
sub records {
    my ($text) = @_;
    my (@records, @cells);
    while ($text =~ /\G(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gc) {
        my ($quoted, $plain, $end) = ($1, $2, $3);
        push @cells, defined $quoted ? $quoted =~ s/""/"/gr : $plain;
        if ($end ne ',') {
            push @records, [@cells];
            @cells = ();
        }
    }
    is pos($text) // 0, length $text, 'nothing but records';
    return @records;
}

my %prize_of = map { (split /\|/)[0, 1] } sql("SELECT c.n, p.code FROM kuji.claim c
    JOIN kuji.prize p ON p.campaign_id = c.campaign_id AND p.pos = c.pos
    JOIN kuji.campaign m ON m.id = c.campaign_id WHERE m.slug = '$slug'");
my %name_of = map { $codes[$_] => $names[$_] } 0 .. $#names;

# ---- each encoding ----
my %text;
for my $encoding (qw(utf-8 utf-8-bom cp932)) {
    my $r = $owner->get("$base/winners.csv?encoding=$encoding");
    is $r->{status}, 200, $encoding;
    is $r->{headers}{'content-disposition'}, "attachment; filename=\"$slug-winners.csv\"", 'its name';
    is $r->{headers}{'cache-control'}, 'no-store', 'kept nowhere';
    is $r->{headers}{'x-content-type-options'}, 'nosniff', 'no guesses';
    is $r->{headers}{'content-type'},
        'text/csv; charset=' . ($encoding eq 'cp932' ? 'Shift_JIS' : 'utf-8'), 'its type';
    my $bytes = $r->{content};
    is $bytes =~ s/^\xef\xbb\xbf// || 0, $encoding eq 'utf-8-bom' ? 1 : 0, 'the mark';
    $text{$encoding} = decode($encoding eq 'cp932' ? 'cp932' : 'UTF-8', $bytes, Encode::FB_CROAK | Encode::LEAVE_SRC);
    is logged('d.what, d.slug, d.format, d.encoding, d.actor, d.address, e.outcome, e.rows, e.bytes'),
        join('|', 'winners', $slug, 'csv', $encoding, $owner->{id}, '127.0.0.1', 'complete', scalar @names,
        length $r->{content}), 'its line in the log';
    is logged(q(encode(e.sha256, 'hex'))), sha256_hex($r->{content}), 'with its sum';
    is logged('e.replaced'), $encoding eq 'cp932' ? 1 : 0, 'and what was replaced';
}
is $text{'utf-8-bom'}, $text{'utf-8'}, 'the mark is all the difference';
my $expected = $text{'utf-8'} =~ s/𠮷/〓/r =~ tr/〜−‖/～－∥/r;
is $text{cp932}, $expected, 'CP932 says the same';
my ($head, @rows) = records($text{'utf-8'});
is_deeply $head, [qw(受付番号 日時 賞品コード 賞品名 賞品の種類 状態 状態の更新日時 無効 参加者（匿名） 同意日時 お知らせの同意日時
        確認をおすすめする理由)],
    'the first line says what is what';
is scalar @rows, @names, 'every win';
for my $row (@rows) {
    my $name = $name_of{ $prize_of{ $row->[0] } };
    my $runs = $name =~ /^[\s　]*[=+\-\@＝＋－＠]/;
    is $row->[3], $runs ? "'$name" : $name, "as it is written: $row->[2]";
    unlike $row->[3], qr/^[=+\-\@＝＋－＠\t\r]/, 'and no formula';
    like $row->[1], qr/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/, 'a time that a spreadsheet reads';
}
my $english = $owner->get("$base/winners.csv", headers => { 'Accept-Language' => 'en' });
like $english->{content}, qr/^Receipt number,Time,Prize code,Prize,/, 'in English';

# ---- JSON Lines ----
my $r = $owner->get("$base/winners.jsonl?encoding=cp932");
is $r->{headers}{'content-type'}, 'application/jsonl', 'JSON Lines';
my @objects = map { JSON::PP->new->utf8->decode($_) } split /\n/, $r->{content};
is scalar @objects, @names, 'every win';
is $_->{prize_name}, $name_of{ $prize_of{ $_->{n} } }, 'as it was typed' for @objects;
like $objects[0]{time}, qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+09:00$/, 'a time that says where';
is logged('d.format, d.encoding'), 'jsonl|utf-8', 'in UTF-8 always';

# ---- filters, and SQL in them ----
is scalar records(decode('UTF-8', $owner->get("$base/draws.csv?prize=P3")->{content})), 2, 'one prize';
is logged('d.filter'), '{"prize": "P3"}', 'is noted';
for my $evil (q(' OR 1=1--), q(%27;DROP TABLE kuji.draw;--), q(P3' UNION SELECT 1--), q("), '%00', '%ff') {
    my $got = $owner->get("$base/draws.csv?prize=" . $evil =~ s/([ ;'"])/sprintf '%%%02x', ord $1/ger);
    like $got->{status}, qr/^(?:200|400)$/, "$evil: an answer";
    unlike $got->{content}, qr/SELECT|ERROR|syntax/i, 'which tells nothing';
    cmp_ok scalar(() = $got->{content} =~ /\n/g), '<=', 20, 'and gives nothing' if $got->{status} == 200;
}
{
    my $day = sql(q{SELECT to_char(now() AT TIME ZONE 'Asia/Tokyo', 'YYYY-MM-DD')});
    my $all = scalar records(decode('UTF-8', $owner->get("$base/draws.csv")->{content}));
    is scalar records(decode('UTF-8', $owner->get("$base/draws.csv?from=$day&to=$day")->{content})), $all, 'today has all draws';
    is scalar records(decode('UTF-8', $owner->get("$base/draws.csv?from=2099-01-01")->{content})), 1, 'the future none';
    is scalar records(decode('UTF-8', $owner->get("$base/draws.csv?to=2020-01-01")->{content})), 1, 'nor the past';
}
is scalar records(decode('UTF-8', $owner->get("$base/winners.csv?from=2020-01-01&to=2020-12-31")->{content})), 1,
    'no win that year';
my $head_only = $owner->ask('HEAD', "$base/draws.csv");
my $before = sql('SELECT count(*) FROM kuji.download');
is $owner->ask('HEAD', "$base/draws.csv")->{status}, 200, 'HEAD';
is $head_only->{content} // '', '', 'has no file';
is sql('SELECT count(*) FROM kuji.download'), $before, 'and no line in the log';

# ---- claims, with their winners ----
my $parcels = campaign({ method => 'box', blanks => 0, prizes => [ { code => 'A', kind => 'parcel', units => 2 } ] });
is draw($parcels)->{status}, 201, 'a parcel' for 1, 2;
$r = $owner->get("/admin/campaigns/$parcels/exports/claims.csv");
is scalar(my ($labels, @claims) = records($r->{text})), 3, 'claims';
is_deeply [ @$labels[8 .. 16] ], [qw(氏名 ふりがな 郵便番号 住所 電話番号 メールアドレス 備考 そのほか 追跡番号)],
    'what winners give';
is logged('d.what, e.outcome'), 'claims|complete', 'is logged as such';

# ---- the pages ----
my $log = $owner->get('/admin/exports')->{text};
like $log, qr/<code>[0-9a-f]{64}<\/code>/, 'the log shows sums';
like $log, qr/1 字を〓に置き換え（最初は \d+ 行目）/, 'and what was replaced';
like $log, qr/賞品: P3/, 'and filters';
like $log, qr/127\.0\.0\.1/, 'and addresses';
unlike $admin{editor}->get('/admin/exports')->{text}, qr/\Q$owner->{login}\E/, "an editor's own downloads alone";
like $admin{editor}->get('/admin/exports')->{text}, qr/\Q$admin{editor}{login}\E/, 'which are there';
is $there->get('/kuji/admin/exports')->{text} =~ /\Q$slug\E/ || 0, 0, "not another tenant's";

# ---- broken off ----
expect_log('KJ0302: streaming an export', 'KJ0401: SQLSTATE (?:22P02|57P01)',
    'KJ0401: connection lost or silent while waiting for an answer');
my $large = campaign({ method => 'box', blanks => 1, prizes => [ { code => 'A', units => 1_000_000 } ] });
my $many = $ENV{KUJI_EXPORT_ROWS} // 100_000; # the file is some 100 bytes a row
fill($large, $many);
my $path = "/admin/campaigns/$large/exports/draws.csv";

# A connection of our own, so that we may read as little as we like.
sub open_download {
    my ($admin, $path) = @_;
    my ($host) = site_url('first') =~ m{//(.*)};
    my $socket = IO::Socket::INET->new(PeerAddr => $host, Timeout => 20) or die "connect: $!";
    print $socket "GET $path HTTP/1.1\r\nHost: $host\r\nCookie: " . $admin->cookies('/admin') . "\r\n\r\n";
    sysread $socket, my $start, 1000;
    return ($socket, $start);
}
sub wait_for {
    my ($name, $sql) = @_;
    my $until = time + 30;
    sleep 0.1 while time < $until && sql($sql) ne 't';
    return is sql($sql), 't', $name;
}

my ($socket, $start) = open_download($owner, $path);
like $start, qr{^HTTP/1.1 200}, 'begun';
close $socket;
wait_for('a client that goes away is noted', "SELECT EXISTS (SELECT FROM kuji.download d
    JOIN kuji.download_end e ON e.download_id = d.id
    WHERE d.slug = '$large' AND e.outcome = 'broken' AND e.bytes < 90 * $many)");

# What is wrong in the middle shows to the client.
my ($leaf) = sql("SELECT leaf FROM kuji.ledger l JOIN kuji.campaign c ON c.id = l.campaign_id
    WHERE c.slug = '$large' AND l.i = 90000");
sql("UPDATE kuji.ledger SET leaf = 'x' WHERE i = 90000
    AND campaign_id = (SELECT id FROM kuji.campaign WHERE slug = '$large')");
($socket, $start) = open_download($owner, $path);
my $rest = $start;
$rest .= $start while sysread $socket, $start, 65536;
like $rest, qr{^HTTP/1.1 200}, 'begun';
like $rest, qr/^Transfer-Encoding: chunked/mi, 'in chunks';
unlike $rest, qr/\r\n0\r\n\r\n\z/, 'without the last one: the client knows';
is logged('d.what, e.outcome'), 'draws|failed', 'and so does the log';
is sql("SELECT e.rows < 90000 FROM kuji.download_end e ORDER BY e.download_id DESC LIMIT 1"), 't',
    'with what had left';
sql("UPDATE kuji.ledger SET leaf = '$leaf' WHERE i = 90000
    AND campaign_id = (SELECT id FROM kuji.campaign WHERE slug = '$large')");

# The connection dies between two pages: the file is whole all the same.
($socket, $start) = open_download($owner, $path);
sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'kuji_web'");
$rest = $start;
$rest .= $start while $rest !~ /\r\n0\r\n\r\n\z/ && sysread $socket, $start, 65536;
close $socket;
is logged('e.outcome, e.rows'), "complete|$many", 'a new connection goes on where the old one was';

# ---- not too many at once, in memory that stays ----
# Of this run's httpd, not of another's.
sub largest {
    my ($what) = @_; # VmRSS: now; VmHWM: at any time
    my $most = 0;
    for my $proc (glob '/proc/[0-9]*') {
        my $line = eval { slurp_file("$proc/cmdline") } // next;
        next if $line !~ /^\S*(?:httpd|apache2)\0/ || index($line, $ENV{KUJI_SCRATCH}) < 0;
        my ($rss) = eval { slurp_file("$proc/status") } =~ /^$what:\s+(\d+)/m or next;
        $most = $rss if $rss > $most;
    }
    return $most || die 'no httpd is found';
}
my $rss = largest('VmRSS');
my @open = map { [ open_download($owner, $path) ] } 1 .. 12;
my @busy = grep { $_->[1] =~ m{^HTTP/1.1 503} } @open;
cmp_ok scalar @busy, '>', 0, 'some are told to come later';
like $busy[0][1], qr/^Retry-After: \d+/mi, 'and when';
my @begun = grep { $_->[1] =~ m{^HTTP/1.1 200} } @open;
cmp_ok scalar @begun, '>=', 2, 'others begin';
# All at once: one that nobody reads is broken off by httpd's Timeout.
my $select = IO::Select->new(map { $_->[0] } @begun);
my (%end, %count);
while ($select->count) {
    for my $socket ($select->can_read(30)) {
        my $got = sysread $socket, my $piece, 65536;
        $count{$socket} += ($piece // '') =~ tr/\n//;
        $end{$socket} = substr(($end{$socket} // '') . ($piece // ''), -10);
        $select->remove($socket) if !$got || $end{$socket} =~ /\r\n0\r\n\r\n\z/;
    }
}
cmp_ok $count{ $_->[0] }, '>', $many, 'to its end' for @begun;
close $_->[0] for @open;
my $grown = largest('VmHWM') - $rss;
SKIP: {
    # The sanitizer keeps what was freed for a while, to see who uses it still.
    skip 'memory says nothing under AddressSanitizer', 1
        if `nm -D $ENV{KUJI_MODULE}` =~ /__asan_init/;
    cmp_ok $grown, '<', 20 * 1024, 'no child grows by 20 MiB';
}
($ENV{KUJI_EXPORT_ROWS} ? \&diag : \&note)->("$grown KiB more than $rss KiB");

done_testing;
