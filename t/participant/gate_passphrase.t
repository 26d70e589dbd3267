#!/usr/bin/perl
# The gate `passphrase`: one, or a list by day; set in the console, kept sealed.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use POSIX ();
use Test::More;
use Kuji::Admin;
use Kuji::Console qw(fields);
use Kuji::Form;
use Kuji::Test;

my $admin = Kuji::Admin->new;
my $slug  = campaign({ gates => ['passphrase'] });
my $me    = Kuji::Form->new;

sub set {
    my ($campaign, $text) = @_;
    my $page = "/admin/campaigns/$campaign/passphrases";
    return $admin->send($page, fields($admin->get($page)->{text}, $page), passphrases => $text);
}
# The other processes learn of it within two seconds.
sub settle { select undef, undef, undef, 2.3; return }
my $key = 0;
sub try_phrase {
    my ($campaign, $typed, $who) = @_;
    return ($who // Kuji::Form->new)->post($campaign, key => 'p' . ++$key, passphrase => $typed);
}

is set($slug, '')->{status}, 303, 'taken away after the publication';
settle();
is try_phrase($slug, 'sesame')->{status}, 422, 'none is set: nobody passes';
is $admin->get("/admin/campaigns/$slug/passphrases")->{status}, 200, 'an empty list can be opened';
is set($slug, "さくら まつり\n")->{status}, 303, 'set';
settle();
for my $typed ('さくらまつり', ' さくら　まつり', "さくら\tまつり") {
    is try_phrase($slug, $typed)->{status}, 303, 'right, however the spaces are';
}
is try_phrase($slug, 'サクラまつり')->{status}, 422, 'another kana is another word';
my %form  = $me->form($slug);
my $wrong = $me->post($slug, %form, passphrase => '<b>');
is $wrong->{status}, 422, 'wrong: 422';
like $wrong->{text}, qr/合言葉が違うようです/, 'says so';
like $wrong->{text}, qr/id="passphrase"[^>]*aria-invalid="true"[^>]*value="&lt;b&gt;"/, 'as typed';
like $wrong->{text}, qr/name="key" value="$form{key}"/, 'the same key';
my $drawn = $me->post($slug, %form, passphrase => 'さくらまつり');
is $drawn->{status}, 303, 'put right: drawn';

# Another one from now on; who drew before is sent to that draw again.
is set($slug, "ｻｸﾗ\nSAKURA")->{status}, 303, 'changed while it runs';
settle();
is try_phrase($slug, 'サクラ')->{status}, 303, 'half-width kana';
is try_phrase($slug, 'ｓａｋｕｒａ')->{status}, 303, 'full width, lower case';
is try_phrase($slug, 'さくらまつり')->{status}, 422, 'the old one is gone';
is $me->post($slug, %form, passphrase => 'さくらまつり')->{headers}{location},
    $drawn->{headers}{location}, 'the same press again: the same draw';

# By day, in the campaign's time zone.
my $zoned = campaign({ gates => ['passphrase'], timezone => 'Asia/Tokyo' });
my $day   = sub { POSIX::strftime('%Y-%m-%d', gmtime(time + 9 * 3600 + 86400 * $_[0])) };
is set($zoned, join "\n", $day->(-1) . ' きのう', $day->(0) . ' きょう', $day->(1) . ' あした')->{status},
    303, 'a list by day';
settle();
is try_phrase($zoned, $_->[0])->{status}, $_->[1], "$_->[0]"
    for [ 'きょう', 303 ], [ 'きのう', 422 ], [ 'あした', 422 ];

# A line that is none says which.
my $bad = set($zoned, "あ\n2026-02-30 い");
is $bad->{status}, 422, 'no such day';
like $bad->{text}, qr/2 行目/, 'the line is named';
like $bad->{text}, qr/2026-02-30 い/, 'and nothing typed is lost';
like $admin->get("/admin/campaigns/$zoned/passphrases")->{text}, qr/きょう/, 'who may edit it can read it';

# Wrong ones count as wrong codes do.
my $one = Kuji::Form->new;
$one->form($slug);
is join(' ', map { try_phrase($slug, "x$_", $one)->{status} } 1 .. 11), '422 ' x 10 . '429',
    'ten wrong ones, then a wait';

# AND: with a code, both are needed.
my $both = campaign({ gates => [ 'code', 'passphrase' ] });
my ($code) = split /\n/, ctl('codes', 'generate', 'first', $both, '1');
set($both, 'やま');
settle();
my $page = $me->get("/k/$both")->{text};
like $page, qr/id="code"/,       'the form asks for the code';
like $page, qr/id="passphrase"/, 'and the passphrase';
my $half = $me->post($both, key => 'h', code => $code, passphrase => 'かわ');
is $half->{status}, 422, 'one of two: refused';
like $half->{text}, qr/id="code"[^>]*value="$code"/, 'the code is kept';
is $me->post($both, key => 'h2', code => '', passphrase => 'やま')->{status}, 422, 'the other: refused';
is $me->post($both, key => 'h', code => $code, passphrase => 'やま')->{status}, 303, 'both: drawn';

# Nowhere in plain text.
is sql("SELECT count(*) FROM kuji.audit WHERE detail::text LIKE '%さくら%'"), 0, 'not in the audit log';
my $rows = sql("SELECT string_agg(p::text, ' ') FROM kuji.passphrase AS p");
unlike $rows, qr/さくら|sakura/i, 'not in the database';
my $hex = unpack 'H*', do { my $t = 'さくら'; utf8::encode($t); $t };
unlike $rows, qr/$hex/, 'not as bytes either';

done_testing;
