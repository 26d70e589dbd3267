#!/usr/bin/perl
# The gate `code`: however it is typed, from a link, what the check symbol
# tells, how many wrong ones are taken, and one code for 200 at once.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Time::HiRes qw(sleep);
use Kuji::Form;
use Kuji::Test;

my $slug  = campaign({ gates => ['code'], privacy => { purpose => '発送', retention_days => 1 } });
my @codes = split /\n/, ctl('codes', 'generate', 'first', $slug, '30');
my $me    = Kuji::Form->new;

# As people type it: all of these are codes of their own.
sub wide { return join '', map { chr(ord($_) + 0xfee0) } split //, $_[0] }
my %typed = (
    'lower case'        => lc shift @codes,
    'spaces and dashes' => (shift @codes) =~ s/(....)(?=.)/$1 - /gr,
    'full width'        => wide(shift @codes),
    'look-alikes'       => (shift @codes) =~ tr/01/OI/r,
    'long-vowel marks'  => (shift @codes) =~ s/(....)(?=.)/$1ー/gr,
);
for my $how (sort keys %typed) {
    is $me->post($slug, $me->form($slug), code => $typed{$how})->{status}, 303, $how;
}

# A slip shows by itself; the form comes back with everything in it.
my $code  = shift @codes;
my $slip  = $code =~ s/^(.)/$1 eq 'A' ? 'B' : 'A'/er;
my %form  = $me->form($slug);
my $wrong = $me->post($slug, %form, code => $slip);
is $wrong->{status}, 422, 'mistyped: 422';
like $wrong->{text}, qr/打ちまちがい/, 'says so';
like $wrong->{text}, qr/id="code"[^>]*aria-invalid="true"[^>]*value="$slip"/, 'at the field, as typed';
like $wrong->{text}, qr/name="key" value="$form{key}"/, 'the same key';
like $wrong->{text}, qr/id="consent"[^>]* checked/, 'the consent too';
like $wrong->{text}, qr/引いた回数には数えていません/, 'nothing was lost';
is $me->post($slug, %form, code => $code)->{status}, 303, 'put right: drawn';
my $english = Kuji::Form->new(language => 'en')->post($slug, key => 'k', code => $slip);
like $english->{text}, qr/seems to be mistyped/, 'in English';
like $me->post($slug, key => 'n', code => '')->{text}, qr/打ちまちがい/, 'none at all';

# Of codes that the organiser brought no symbol is known: the database is asked.
my $own = campaign({ gates => ['code'] });
ok request('POST', "/api/v1/campaigns/$own/codes", token => 'first',
    json => { name => 'own', codes => ['HELLO1'] })->{json}{stored}, 'own codes';
like $me->post($own, key => 'a', code => 'HELLO2')->{text}, qr/見つかりません/, 'unknown';
is $me->post($own, key => 'b', code => 'hello-l')->{status}, 303, 'known';

# From a link: out of the address bar at once, there until the press, in no
# other campaign's form.
my $link = Kuji::Form->new;
my $next = shift @codes;
my $came = $link->get("/k/$slug?lang=en&code=$next");
is $came->{status}, 303, 'a link with a code: 303';
is $came->{headers}{location}, "/k/$slug?lang=en", 'to the page without it';
unlike join("\n", map { "@{[ %$_ ]}" } $link->{jar}{'kuji-code'}), qr/$next/, 'not readable in the cookie';
like $link->get("/k/$slug")->{text}, qr/id="code"[^>]*value="$next"/, 'in the form';
like $link->get("/k/$slug")->{text}, qr/id="code"[^>]*value="$next"/, 'still there after a reload';
unlike $link->get("/k/$own")->{text}, qr/$next/, 'not in another form';
$link->{jar}{'kuji-code'}{path} = '/';
unlike $link->get("/k/$own")->{text}, qr/$next/, 'not even where the cookie is copied';
is $link->post($slug, $link->form($slug), code => $next)->{status}, 303, 'drawn';
unlike $link->get("/k/$slug")->{text}, qr/value="$next"/, 'gone afterwards';
my $logs = join '', map { slurp_file($_) } glob "$ENV{KUJI_SRC}/t/logs/*_log";
ok length $logs, 'there are logs';
unlike $logs, qr/$next/, 'the code is in none';

# Worth three draws.
my ($three) = @{ request('POST', "/api/v1/campaigns/$slug/codes", token => 'first',
    json => { name => 'three', count => 1, uses => 3 })->{json}{codes} };
is join(' ', map { $me->post($slug, key => "t$_", code => $three)->{status} } 1 .. 4),
    '303 303 303 409', 'worth three draws';

# One code, 200 browsers at once: one draws, the others learn that it is used;
# whom a full queue sends away (503) comes again with the same key.
my $race = shift @codes;
my %seen;
$seen{$_}++ for map { $_->{status} } parallel(200, sub {
    my ($browser, $key, $answer) = (Kuji::Form->new, unique('r'));
    for (1 .. 60) {
        $answer = $browser->post($slug, key => $key, code => $race);
        last if $answer->{status} != 503;
        sleep 0.2;
    }
    return $answer;
});
is $seen{303}, 1, 'a race of 200: one draw';
is $seen{303} + ($seen{409} // 0) + ($seen{429} // 0), 200, 'and refusals'
    or diag join ' ', %seen;

# Wrong ones: ten a participant, then a wait that tells nothing of the code.
my $guess = campaign({ gates => ['code'] });
my ($good) = split /\n/, ctl('codes', 'generate', 'first', $guess, '1');
my $bad = $good =~ s/^(.)/$1 eq 'A' ? 'B' : 'A'/er;
my $one = Kuji::Form->new;
$one->form($guess);
is join(' ', map { $one->post($guess, key => "w$_", code => $bad)->{status} } 1 .. 12),
    '422 ' x 10 . '429 429', 'ten wrong codes, then no more';
my $wait = $one->post($guess, key => 'good', code => $good);
is $wait->{status}, 429, 'the right one is not looked at either';
like $wait->{headers}{'retry-after'}, qr/^(?:[1-9]|[12]\d|30)$/, 'says when';
like $wait->{text}, qr/あと \d+ 秒/, 'to people as well';
like $wait->{text}, qr/value="\Q$good\E"/, 'keeps what was typed';
my $neighbour = Kuji::Form->new;
is $neighbour->post($guess, $neighbour->form($guess), code => $good)->{status}, 303,
    'a neighbour on the same network gets through';

done_testing;
