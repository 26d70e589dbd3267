#!/usr/bin/perl
# From the poster to the page: the campaign's QR code, codes with their links,
# and a sheet of QR codes. What zbarimg reads is what leads there.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use File::Temp qw(tempdir);
use Kuji::Admin;
use Kuji::Form;
use Kuji::Test;

binmode Test::More->builder->$_, ':encoding(UTF-8)' for qw(output failure_output);

my $me   = Kuji::Admin->new(role => 'editor');
my $slug = campaign({ gates => ['code'], title => '春の"福"引 & <b>' });
my $base = "/admin/campaigns/$slug";
my $dir  = tempdir(CLEANUP => 1);
my $host = sql("SELECT host FROM kuji.tenant WHERE name = 'first'");
my $page = "http://$host/k/$slug";

# What a reader sees in a picture.
sub seen {
    my ($svg) = @_;
    open my $out, '>:encoding(UTF-8)', "$dir/a.svg" or die $!;
    print $out $svg;
    close $out or die $!;
    system('rsvg-convert', '-w', '400', '-o', "$dir/a.png", "$dir/a.svg") == 0 or return 'rsvg-convert';
    my $text = `zbarimg --quiet --raw -Sdisable -Sqrcode.enable '$dir/a.png' 2>/dev/null`;
    return $text =~ s/\n\z//r;
}

sub batches {
    return sql("SELECT count(*) || ' ' || coalesce(sum(b.size), 0) FROM kuji.code_batch b
        JOIN kuji.campaign c ON c.id = b.campaign_id WHERE c.slug = '$slug' AND NOT b.disabled");
}

# ---- the poster ----

my $svg = $me->get("$base/qr.svg");
is $svg->{status}, 200, 'the poster\'s QR code';
is $svg->{headers}{'content-type'}, 'image/svg+xml', 'is SVG';
is seen($svg->{text}), $page, 'and leads to the page';
like $me->get($base)->{text}, qr{<img src="\Q$base\E/qr\.svg".*<a href="\Q$page\E">.*href="\Q$base\E/qr\.svg" download="\Q$slug\E-qr\.svg"}s,
    'the campaign\'s page shows it, its link, and saves it';
unlike $me->get('/admin/campaigns/' . campaign({}, draft => 1))->{text}, qr/qr\.svg/, 'a draft\'s may change yet';
my $prefixed = campaign({}, site => 'second');
like seen(Kuji::Admin->new(site => 'second', prefix => '/kuji')->get("/kuji/admin/campaigns/$prefixed/qr.svg")->{text}),
    qr{^http://[^/]+/kuji/k/\Q$prefixed\E$}, 'below a mount as well';

# ---- codes with links ----

my %make = (make_name => 'ポスター', count => 3000, symbols => 12, make_uses => 1, make_form => 'links');
my $r = $me->send("$base/codes/make", %make);
is $r->{status}, 200, 'codes with links';
like $r->{headers}{'content-disposition'}, qr/^attachment/, 'come as a file';
is $r->{headers}{'cache-control'}, 'no-store', 'that nobody keeps';
my ($head, @lines) = split /\r\n/, $r->{text};
is $head, 'code,url', 'its head';
is scalar @lines, 3000, 'all of them';
is scalar(grep { !/^([0-9A-Z]{13}),\Q$page\E\?code=\1$/ } @lines), 0, 'each with its own link';

# Who follows one has the code in the field, and draws.
my ($code, $link) = split /,/, $lines[2999];
my $visitor = Kuji::Form->new;
my $came    = $visitor->get($link =~ s{^http://[^/]+}{}r);
is $came->{status}, 303, 'the link leads on, without the code';
my $form = $visitor->get("/k/$slug");
like $form->{text}, qr/id="code"[^>]*value="$code"/, 'to the field';
is $visitor->post($slug, $visitor->form($slug), code => $code)->{status}, 303, 'and it draws';
unlike join('', map { slurp_file($_) } glob "$ENV{KUJI_SRC}/t/logs/*_log"), qr/$code/, 'no log has it';

# ---- a sheet ----

my $before = batches();
for my $case ([ count => 501 ], [ make_form => 'scroll' ]) {
    my $no = $me->send("$base/codes/make", %make, make_form => 'sheet', count => 2, @$case);
    is $no->{status}, 422, "$case->[0] $case->[1]: refused";
    like $no->{text}, qr/id="f-$case->[0]-error"/, 'at its field';
}
is batches(), $before, 'and nothing made';
$r = $me->send("$base/codes/make", %make, make_name => '<b>紙', make_form => 'sheet', count => 24);
is $r->{status}, 200, 'a sheet';
like $r->{headers}{'content-type'}, qr{^text/html}, 'is a page';
is $r->{headers}{'cache-control'}, 'no-store', 'that nobody keeps';
unlike $r->{text}, qr/<b>/, 'names are names';
my @cells = $r->{text} =~ m{<li class="sheet-cell">(<svg.*?</svg>.*?)</li>}gs;
is scalar @cells, 24, 'a cell each';
my ($right, %seen) = (0);
for my $cell (@cells) {
    my ($picture) = $cell =~ m{(<svg.*?</svg>)}s;
    my ($typed)   = $cell =~ m{<span class="sheet-code">([0-9A-Z-]+)</span>};
    my $plain = $typed =~ tr/-//dr;
    $picture =~ s/<svg /<svg xmlns="http:\/\/www.w3.org\/2000\/svg" /;
    $right++ if $typed =~ /^(?:[0-9A-Z]{4}-){3}[0-9A-Z]$/ && seen($picture) eq "$page?code=$plain";
    $seen{$typed} = 1;
}
is $right, 24, 'each leads to the page with the code that stands below it';
is scalar keys %seen, 24, 'none twice';
my $stranger = Kuji::Form->new;
is $stranger->post($slug, key => "s", code => (keys %seen)[0])->{status}, 303, 'as it is typed, it draws';
$r = $me->send("$base/codes/make", %make, make_form => 'sheet', count => 500);
is scalar(() = $r->{text} =~ /<li class="sheet-cell">/g), 500, '500 at once';

done_testing;
