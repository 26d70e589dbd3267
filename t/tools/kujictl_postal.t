#!/usr/bin/perl
# kujictl postal import: both encodings, towns over several lines, and lists
# that are none, which change nothing.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Encode qw(encode);
use Test::More;
use Kuji::Ctl;
use Kuji::Test qw(sql);

my $sample = ($ENV{KUJI_SRC} // '.') . '/conf/postal-sample.csv';
my $file   = "$ENV{KUJI_SCRATCH}/list.csv";

sub write_list {
    my ($text, $encoding) = @_;
    open my $out, '>:raw', $file or die "$file: $!";
    print $out encode($encoding // 'UTF-8', $text);
    close $out or die "$file: $!";
    return;
}

sub places {
    return join "\n", sql('SELECT concat_ws(\' \', code, prefecture, city, town) FROM kuji.postal ORDER BY 1');
}

sub line {
    my ($code, $prefecture, $city, $town) = @_;
    return qq{13101,"100  ","$code","ﾄｳｷｮｳﾄ","ｶﾅ","ｶﾅ","$prefecture","$city","$town",0,0,0,0,0,0\r\n};
}

my $r = works('the sample', qw(postal import), $sample, '--sample');
like $r, qr/"places": 36,\s*"sample": true/, 'says what it is';
is sql('SELECT count(*) FROM kuji.postal WHERE is_sample'), '36', 'marked in the database';
open my $in, '<', $sample or die $!;
my @lines = <$in>;
cmp_ok scalar @lines, '<=', 50, 'a sample is a sample';

my $list = line('1000001', '東京都', '千代田区', '千代田')
    . line('6028368', '京都府', '京都市上京区', '北町（今出川通御前通西入、')
    . line('6028368', '京都府', '京都市上京区', '西入上る）')
    . line('1000000', '東京都', '千代田区', '以下に掲載がない場合');
my $expected = encode 'UTF-8', join "\n", '1000000 東京都 千代田区 ', '1000001 東京都 千代田区 千代田', '6028368 京都府 京都市上京区 北町';
for my $encoding ('UTF-8', 'cp932') {
    write_list($list, $encoding);
    like works($encoding, qw(postal import), $file), qr/"places": 3,\s*"sample": false/, "$encoding: read";
    is places(), $expected, "$encoding: the list, and nothing of the one before";
}

for my $bad ([ 'no list', "a,b\n" ], [ 'an empty file', '' ], [ 'half a line', '13101,"100' ],
    [ 'no prefecture', line('1000001', '江戸', '区', '町') ], [ 'no code', line('100', '東京都', '区', '町') ],
    [ 'a wrong line at the end', $list . "x\n" ])
{
    my ($name, $text) = @$bad;
    write_list($text);
    refused($name, 1, qr/line \d+: /, qw(postal import), $file);
    is places(), $expected, "$name: nothing changed";
}
refused('no file', 1, qr/nowhere/, qw(postal import /nowhere.csv));
refused('no argument', 2, qr/missing/, qw(postal import));

# A whole list's size: 120,000 lines in one go.
write_list(join '', map { line(sprintf('%07d', $_), '東京都', '千代田区', "町$_") } 1 .. 120_000);
like works('120,000 places', qw(postal import), $file), qr/"places": 120000/, 'all of them';
is sql('SELECT count(*) FROM kuji.postal'), '120000', 'are there';
works('the sample again', qw(postal import), $sample, '--sample');

done_testing;
