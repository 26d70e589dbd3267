#!/usr/bin/perl
# What the pages say, to whom, in which language and with which headers.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Digest::SHA qw(sha256_hex);
use Test::More;
use Kuji::Test;
use Kuji::Form;

# Somebody who has not been here before.
sub stranger {
    return Kuji::Form->new;
}

my %texts = (
    title => '<i>秋祭り</i>',
    texts => { ja => { lead => 'いらっしゃいませ。', rules => "一行目\n二行目" },
        en => { lead => 'Welcome.' } },
    privacy => { purpose => '発送のため。', purpose_en => 'To send.', retention_days => 45 },
);
my $slug = campaign({ %texts, odds_total => 1_000_000, prizes => [
    { code => 'A', grade => '一等', name => '米', name_en => 'Rice', units => 1200, weight => 12_500 },
    { code => 'B', name => '茶', units => 5, weight => 1 },
], limits => { draws_per_participant_day => 3 } });
my $me = Kuji::Form->new;

# The campaign page.
my $page = $me->get("/k/$slug");
is $page->{status}, 200, 'the page';
is $page->{headers}{'cache-control'}, 'private, no-cache', 'its caching';
like $page->{headers}{'content-security-policy'}, qr/script-src 'self'/, 'its policy';
unlike $page->{headers}{'content-security-policy'}, qr/unsafe|\*/, 'is strict';
like $page->{headers}{vary}, qr/Accept-Language/, 'varies by language';
like $page->{headers}{'set-cookie'}, qr/^kuji=v1\.\S+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/,
    'a session, without Secure over plain HTTP';
like $page->{text}, qr/&lt;i&gt;秋祭り/, 'the title, escaped';
unlike $page->{text}, qr/<i>秋/, 'everywhere';
like $page->{text}, qr/いらっしゃいませ。/, 'the lead';
like $page->{text}, qr/\d{4}年\d+月\d+日（[日月火水木金土]）\d\d:\d\d/, 'dates as people write them';
like $page->{text}, qr/<strong>1,200<\/strong>/, 'units left';
like $page->{text}, qr/お一人、一日に 3 回まで/, 'the limit in words';
unlike $page->{text}, qr/\{\{|\}\}/, 'no tag is left';
is request('HEAD', "/k/$slug")->{status}, 200, 'HEAD';

# English, by header, by choice, and kept.
my $en = Kuji::Form->new(language => 'en-GB,en;q=0.8');
my $english = $en->get("/k/$slug");
is $english->{headers}{'content-language'}, 'en', 'English by Accept-Language';
like $english->{text}, qr/Welcome\./, 'its texts';
like $english->{text}, qr/Rice/, 'its prizes';
like $english->{text}, qr/[A-Z][a-z]+day \d+ [A-Z][a-z]+ \d{4}, \d\d:\d\d \(JST\)/, 'its dates';
like $me->get("/k/$slug?lang=en")->{text}, qr/<html lang="en"/, 'by choice';
like $me->get("/k/$slug/rules")->{text}, qr/<html lang="en"/, 'which is kept';
like $me->get("/k/$slug/rules?lang=ja")->{text}, qr/<html lang="ja"/, 'until another';

# Rules: the manifest in words, the same for everybody.
my $rules = $me->get("/k/$slug/rules");
like $rules->{text}, qr/>1\.25%</, 'odds';
like $rules->{text}, qr/>0\.0001%</, 'small ones too';
like $rules->{text}, qr/>98\.7499%</, 'blanks';
like $rules->{text}, qr/45 日/, 'retention';
like $rules->{text}, qr/発送のため。/, 'purpose';
like $rules->{headers}{'cache-control'}, qr/^public/, 'may be shared';
ok !$rules->{headers}{'set-cookie'}, 'sets no cookie';

# My draws, and what proves them.
my $me_page = "/k/$slug/me";
like $me->get($me_page)->{text}, qr/まだ結果がありません/, 'none yet';
my $drawn = $me->post($slug, $me->form($slug), consent => 'yes');
is $drawn->{status}, 303, 'drawn';
like $me->get($me_page)->{text}, qr/No\. 1</, 'one now';
unlike stranger()->get($me_page)->{text}, qr/No\. 1</, 'mine alone';
my $receipt = $me->get("$drawn->{headers}{location}/receipt.json");
my $r = $receipt->{json};
like $receipt->{headers}{'content-disposition'}, qr/^attachment/, 'a file';
my ($who) = $r->{leaf} =~ /"who":"([0-9a-f]{64})"/;
is $who, sha256_hex(pack('H*', $r->{salt}) . $r->{participant}), 'it opens `who`';
my $ledger = request('GET', "/k/$slug/ledger.jsonl")->{content};
is((split /\n/, $ledger)[ $r->{index} ], $r->{leaf}, 'and is in the ledger');
my $proof = $me->get("/k/$slug/fairness")->{text};
like $proof, qr{/k/$slug/draws/1/receipt\.json}, 'the proof page has my receipt';
like $proof, qr/>1,200</, 'and the counts';
like $proof, qr/kuji-verify http:/, 'and how to verify';
my ($commitment) = request('GET', "/k/$slug/manifest.json")->{content} =~ /"commitment":"(\w+)"/;
like $proof, qr/$commitment/, 'and the commitment';

# Many draws come in pages.
my $long = campaign({});
my $busy = Kuji::Form->new;
$busy->post($long, $busy->form($long), count => 60);
my $newest = $busy->get("/k/$long/me")->{text};
# Each once, as often as its row may name it.
sub numbers { my %seen; return grep { !$seen{$_}++ } $_[0] =~ /No\. (\d+)</g }
my @shown = numbers($newest);
is "@shown", join(' ', reverse 11 .. 60), 'the newest fifty';
my ($older) = $newest =~ /\?before=(\d+)/;
@shown = numbers($busy->get("/k/$long/me?before=$older")->{text});
is "@shown", join(' ', reverse 1 .. 10), 'then the others';
is $busy->get("/k/$long/me?before=x")->{status}, 400, 'not a number';
is_deeply [ stranger()->get("/k/$long/me?before=$older")->{text} =~ /No\. (\d+)</g ],
    [], "others' pages show nothing";

# The list.
my $list = $me->get('/')->{text};
like $list, qr{href="/k/$slug"}, 'listed';
my $draft = campaign({}, draft => 1);
unlike $me->get('/')->{text}, qr/$draft/, 'drafts are not';
is $me->get("/k/$draft")->{status}, 404, 'nor shown';

# Assets.
my ($css) = $page->{text} =~ /<link rel="stylesheet" href="([^"]+)"/;
like $css, qr{^/assets/participant\.[0-9a-f]{16}\.css$}, 'named by content';
my $asset = request('GET', $css);
is $asset->{headers}{'content-type'}, 'text/css; charset=utf-8', 'its type';
is $asset->{headers}{'cache-control'}, 'public, max-age=31536000, immutable', 'for a year';
is $asset->{headers}{'x-content-type-options'}, 'nosniff', 'nosniff';
is request('GET', $css, headers => { 'If-None-Match' => $asset->{headers}{etag} })->{status},
    304, 'not modified';
is request('GET', '/assets/participant.css')->{status}, 404, 'by no other name';
is request('GET', '/assets/..%2flocale%2fja.json')->{status}, 404, 'nor any other file';

# Below a prefix, for another tenant.
my $there = Kuji::Form->new(site => 'second', prefix => '/kuji');
my $far = campaign({}, site => 'second');
my $text = $there->get("/kuji/k/$far")->{text};
is_deeply [ grep { !m{^(?:/kuji/|[#?])} } $text =~ /(?:href|action)="([^"]*)"/g ], [],
    'every link keeps the prefix';
like $there->post($far, $there->form($far))->{headers}{location}, qr{^/kuji/k/$far/draws/1$},
    'so does the redirect';
is $there->get("/kuji/k/$slug")->{status}, 404, "another tenant's campaign";

# People get a page for what is not there, programs a problem.
my $none = $me->get('/k/none');
like $none->{text}, qr/ページが見つかりません/, 'a page';
is $none->{headers}{'cache-control'}, 'no-store', 'no-store';
is request('GET', '/k/none')->{json}{type}, '/problems/not-found', 'a problem';

done_testing;
