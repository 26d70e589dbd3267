#!/usr/bin/perl
# Images: who may add which, what is kept of them, how they are served.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Digest::SHA qw(sha256_hex);
use Test::More;
use Kuji::Admin;
use Kuji::Test;

my $dir = "$ENV{KUJI_SRC}/t/unit/images";
my $max = 5 * 1024 * 1024;
my $me  = Kuji::Admin->new(role => 'editor');

sub upload {
    my ($who, $bytes, %headers) = @_;
    return $who->ask('POST', "$who->{prefix}/admin/images", body => $bytes,
        headers => { Accept => 'application/json', 'Sec-Fetch-Site' => 'same-origin',
            'Content-Type' => 'application/octet-stream', %headers });
}
my $kept = 'SELECT count(*) FROM kuji.image';
# Each type, whatever the Content-Type says.
my %type = (png => 'image/png', jpg => 'image/jpeg', webp => 'image/webp', gif => 'image/gif');
my %href;
for my $file (qw(rgb.png turned.jpg frames.webp loop.gif)) {
    my ($ext) = $file =~ /(\w+)$/;
    my $bytes = slurp_file("$dir/$file");
    my $r     = upload($me, $bytes, 'Content-Type' => 'text/html');
    is $r->{status}, 201, "$file: kept";
    like $r->{json}{href}, qr{^/i/[0-9a-f]{64}\.$ext$}, 'under its name';
    is $r->{headers}{location}, $r->{json}{href}, 'where it is';
    my $image = request('GET', $href{$file} = $r->{json}{href});
    is $image->{status}, 200, 'served to anybody';
    is $image->{headers}{'content-type'}, $type{$ext}, 'as what it is';
    is "/i/" . sha256_hex($image->{content}) . ".$ext", $href{$file}, 'called by its content';
    unlike $image->{content}, qr/SECRET|http:|xpacket/, 'without its words';
    is upload($me, $bytes)->{json}{href}, $href{$file}, 'twice is once';
}
# Another test may have brought the same ones: content is kept once.
for my $file (sort keys %href) {
    my ($name) = $href{$file} =~ m{^/i/(.*)};
    is sql("SELECT count(*) FROM kuji.audit a JOIN kuji.tenant t ON t.id = a.tenant_id
        WHERE t.name = 'first' AND action = 'image.add' AND object = 'image:$name'"), 1, "$file: in the log, once";
}

# Inert.
my $image = request('GET', $href{'rgb.png'});
my $h     = $image->{headers};
is $h->{'content-security-policy'}, "sandbox; default-src 'none'; frame-ancestors 'none'", 'its policy';
is $h->{'x-content-type-options'}, 'nosniff', 'nosniff';
is $h->{'cache-control'}, 'public, max-age=31536000, immutable', 'for good';
is request('GET', $href{'rgb.png'}, headers => { 'If-None-Match' => $h->{etag} })->{status}, 304, 'not modified';
is request('HEAD', $href{'rgb.png'})->{status}, 200, 'HEAD';
is request('POST', $href{'rgb.png'})->{status}, 405, 'nothing else';

# Not there: another extension, another tenant, no name.
(my $other = $href{'rgb.png'}) =~ s/png$/gif/;
is request('GET', $other)->{status}, 404, 'by another type';
is request('GET', "/kuji$href{'rgb.png'}", site => 'second')->{status}, 404, "at another tenant's";
is request('GET', "/kuji$href{'rgb.png'}", site => 'second',
    headers => { 'If-None-Match' => $h->{etag} })->{status}, 404, 'even unchanged';
is request('GET', $_)->{status}, 404, $_
    for '/i/x', '/i/..%2fassets', '/i/' . ('0' x 64) . '.png', '/i/' . ('0' x 64) . '.svg';

# Refused, and nothing is kept.
my $rgb = slurp_file("$dir/rgb.png");
my $before = sql($kept);
my %bad = (
    'an SVG' => '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    'HTML' => '<!DOCTYPE html><script>alert(1)</script>',
    'a script as GIF' => "GIF89a/*\x00\x00\xff\xff\x00,*/=1;alert(1)//",
    'a PDF' => '%PDF-1.4',
    'a ZIP' => "PK\x03\x04",
    'nothing' => '',
    'half a PNG' => substr($rgb, 0, length($rgb) / 2),
    'a wide PNG' => substr($rgb, 0, 16) . "\x7f\xff\xff\xff" . substr($rgb, 20),
);
for my $what (sort keys %bad) {
    my $r = upload($me, $bad{$what}, 'Content-Type' => 'image/png');
    is $r->{status}, 415, "$what: 415";
    is $r->{json}{type}, '/problems/unsupported-media-type', 'by its name';
}
my $large = upload($me, $rgb . "\0" x ($max + 1 - length $rgb));
is $large->{status}, 413, 'one byte over 5 MiB: 413';
is $large->{json}{type}, '/problems/too-large', 'by its name';
my @parts = ($rgb, ("\0" x 1_048_576) x 5);
is upload($me, sub { shift @parts })->{status}, 413, 'of a length that was not said: 413';
is sql($kept), $before, 'nothing was kept';

# Two readings of one file: the second is gone.
my $zip = upload($me, $rgb . "PK\x03\x04<script>alert(1)</script>");
is $zip->{json}{href}, $href{'rgb.png'}, 'what follows the image is not kept';
my $padded = upload($me, $rgb . "\0" x ($max - length $rgb));
is $padded->{json}{href}, $href{'rgb.png'}, '5 MiB sharp are taken';

# Who: owners and editors of this tenant, from our own pages.
for my $role (qw(staff viewer)) {
    my $who = Kuji::Admin->new(role => $role);
    is upload($who, $rgb)->{status}, 403, "$role may not add";
    is $who->get('/admin/images')->{status}, 403, 'nor look';
}
my $nobody = Kuji::Admin->nobody;
is upload($nobody, $rgb)->{status}, 401, 'nobody may not add';
is $nobody->get('/admin/images')->{status}, 303, 'nor look';
is upload($me, $rgb, 'Sec-Fetch-Site' => 'cross-site')->{status}, 403, 'not from another site';
is upload($me, slurp_file("$dir/still.gif"), 'Sec-Fetch-Site' => 'same-site')->{status}, 403, 'nor from a sister';
is sql($kept), $before, 'nothing was kept';

# The page.
my $page = $me->get('/admin/images');
is $page->{status}, 200, 'the page';
like $page->{text}, qr{src="\Q$href{$_}\E"}, "shows $_" for sort keys %href;
like $page->{text}, qr/8 × 12・/, 'with its size';
is $me->get('/admin/images?page=9')->{status}, 200, 'a page beyond the last';
is $me->get('/admin/images?page=0')->{status}, 400, 'no page';
my $there = Kuji::Admin->new(role => 'owner', site => 'second', prefix => '/kuji');
unlike $there->get('/kuji/admin/images')->{text}, qr{$href{'rgb.png'}}, "another tenant's page does not";
like upload($there, $rgb)->{json}{href}, qr{^/kuji$href{'rgb.png'}$}, 'its own copy, below its prefix';

done_testing;
