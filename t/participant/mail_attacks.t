#!/usr/bin/perl
# Whatever stands in names, texts and addresses: no mail gets a header of theirs
# or another recipient, every line is short ASCII, and what was written arrives.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Encode qw(decode encode);
use JSON::PP ();
use MIME::Base64 qw(decode_base64);
use Test::More;
use Kuji::Admin;
use Kuji::Form;
use Kuji::Mail;
use Kuji::Test;
use Kuji::Winner;

binmode Test::More->builder->$_, ':encoding(UTF-8)' for qw(output failure_output);

my @headers = ('Date', 'From', 'Subject', 'To', 'Message-ID', 'Auto-Submitted', 'MIME-Version', 'Content-Type',
    'Content-Transfer-Encoding', 'Content-Language');
my $serial = 0;

# The headers of a mail as they came, unfolded: [name, value] each; the body.
sub parts {
    my ($raw) = @_;
    my ($head, $body) = split /\r\n\r\n/, $raw, 2;
    $head =~ s/\r\n[ \t]+/ /g;
    return ([ map { [ /^([^:]*): ?(.*)$/s ] } split /\r\n/, $head ], decode('UTF-8', decode_base64($body), Encode::FB_CROAK));
}

sub value { my ($list, $name) = @_; return (map { $_->[1] } grep { $_->[0] eq $name } @$list)[0] }

# RFC 2047's words, read by hand: another's decoder may be kinder.
sub words {
    my ($text) = @_;
    return $text if $text !~ /=\?UTF-8\?B\?/;
    return decode('UTF-8', join('', map { decode_base64($_) } $text =~ /=\?UTF-8\?B\?([A-Za-z0-9+\/=]*)\?=/g), Encode::FB_CROAK);
}

# As a header says it: control characters become blanks, 500 bytes at most.
sub as_header {
    my ($text) = @_;
    $text =~ tr/\x00-\x1f\x7f-\x9f\x{2028}\x{2029}/ /;
    return $text if length(encode('UTF-8', $text)) <= 500;
    chop $text while length(encode('UTF-8', $text)) > 497;
    return "$text…";
}

# As a body says it.
sub as_body {
    my ($text) = @_;
    $text =~ s/\r//g;
    $text =~ tr/\x00-\x09\x0b-\x1f\x7f-\x9f\x{2028}\x{2029}/ /;
    return $text;
}

sub check_raw {
    my ($mail, $name) = @_;
    my @lines = split /\r\n/, $mail->{raw};
    is_deeply [ grep { length > 78 } @lines ], [], "$name: every line is short";
    unlike $mail->{raw}, qr/[^\x20-\x7e\r\n]|\r(?!\n)|(?<!\r)\n/, "$name: of ASCII, with proper ends";
    my ($list) = parts($mail->{raw});
    is_deeply [ map { $_->[0] } @$list ], \@headers, "$name: our headers, no more and no less";
    is_deeply $mail->{defects}, [], "$name: another parser finds nothing wrong";
    is scalar @{ $mail->{to} }, 1, "$name: one recipient";
    return;
}

sub confirmed {
    my ($slug, $address, $told) = @_;
    my $me = Kuji::Form->new;
    my ($c) = Kuji::Admin::send($me, "/k/$slug/mail", address => $address)->{headers}{location} =~ /c=(\S+)/;
    my ($mail) = mails($told, 1);
    my ($code) = code_of($mail);
    Kuji::Admin::send($me, "/k/$slug/mail/code", challenge => $c, code => $code);
    return ($me, $mail);
}

# -- names and texts
my %hostile = (
    'line feeds'         => "くじ\r\nBcc: victim\@example.org\r\n\r\nhello",
    'a bare line feed'   => "a\nX-Evil: 1",
    'a bare return'      => "a\rX-Evil: 1",
    'unicode line ends'  => "a\x{2028}Bcc: b\@c.d\x{2029}e\x{85}f",
    'an encoded word'    => '=?UTF-8?Q?Bcc=3A_victim=40example.org?= =?utf-8?b?DQpCY2M6?=',
    'folding'            => "a\r\n Bcc: victim\@example.org",
    'quotes and angles'  => '"Site" <evil@example.org>, (c) <x@y.z>;',
    'right to left'      => "\x{202e}moc.elpmaxe\x{202c} \x{2066}עברית\x{2069}",
    'emoji'              => "\x{1f389}\x{1f468}\x{200d}\x{1f469}\x{200d}\x{1f467}\x{1f1ef}\x{1f1f5} e\x{301}\x{fe0f}",
    'dots alone'         => ".\r\n..\r\n.x\r\nQUIT\r\n.",
    'control characters' => "a\x01\x07\x1b[31mb\x7f\x{9b}c\tq",
    'mustache'           => '{{code}} {{{receipt}}} {{#campaign}}x{{/campaign}}',
    'very long'          => '長い名前' x 25,
    'long without blank' => 'x' x 300,
);
my ($tenant) = sql("SELECT title FROM kuji.tenant WHERE name = 'first'");
END { sql("UPDATE kuji.tenant SET title = '$tenant' WHERE name = 'first'") if defined $tenant }

sub literal {
    my ($text) = @_;
    my $hex = unpack 'H*', encode('UTF-8', $text);
    return "convert_from('\\x$hex', 'UTF8')";
}

for my $name (sort keys %hostile) {
    my $text = $hostile{$name};
    sql("UPDATE kuji.tenant SET title = left(" . literal($text) . ", 60) WHERE name = 'first'");
    my $slug = campaign({ title => $text, gates => ['email'], odds_total => 1, prizes => [ { code => 'A', name => $text,
            grade => $text, kind => 'message', units => 10, weight => 1 } ],
        texts => { ja => { contact => $text } },
        mail => { win => { ja => { subject => '{{campaign}}/{{prize}}/{{grade}}',
                    body => "\n.\n{{campaign}}\n{{prize}}\n..\n{{contact}}\n{{organiser}}\n" } } } });
    my $to = 'taro-' . ++$serial . "-$$\@example.com";
    my ($me, $code) = confirmed($slug, $to, $to);
    check_raw($code, "$name: the code");
    $me->post($slug, $me->form($slug));
    my (undef, $win) = mails($to, 2);
    check_raw($win, "$name: the win");
    my ($list, $body) = parts($win->{raw});
    is words(value($list, 'Subject')), as_header("$text/$text/$text"), "$name: the subject says it";
    my $organiser = substr $text, 0, 60;
    is words(value($list, 'From') =~ s/ ?<kuji\@mail\.test>$//r), as_header($organiser), "$name: and the sender";
    is value($list, 'To'), "<$to>", "$name: the recipient";
    is $body =~ s/\r\n/\n/gr, as_body("\n.\n$text\n$text\n..\n$text\n$organiser\n"), "$name: and the body, all of it";
}
is_deeply [ grep { $_->{to}[0] !~ /\@example\.com$/ } grep { $_->{raw} =~ /\@mail\.test/ && $_->{to}[0] =~ /victim|evil/ }
    Kuji::Mail->all ], [], 'nobody else has a mail';

# -- addresses: typed at the gate, typed with a claim
my $gate  = winners_campaign(gates => ['email']);
my $claim = winners_campaign(claim_fields => [ 'name', 'mail' ]);
my $u     = "$$.example.com";
my @refused = ("a\@$u\r\nBcc: c\@d.example", "a\@$u\nRCPT TO:<c\@d.example>", "a\@$u, c\@d.example", "a\@$u c\@d.example",
    "a\@$u>", "<a\@$u>", "a\@$u>\r\nDATA", "\"a b\"\@$u", "a\\\@b\@$u", "a\@[127.0.0.1]", "a\@localhost", "\@$u", "a\@", 'a',
    "\x{1f389}\@$u", "a\@$u\x{202e}", "a;b\@$u", "a(x)\@$u", 'a' x 65 . "\@$u", 'a@' . 'b' x 300 . '.example', "=?UTF-8?Q?a?=\@-$u",
    "a\x00b\@$u", "a\@$u%0d%0aBcc:");
my $before = sql('SELECT count(*) FROM kuji.mail_challenge') + 0;
for my $address (@refused) {
    my $r = Kuji::Admin::send(Kuji::Form->new, "/k/$gate/mail", address => $address);
    ok $r->{status} == 422 || $r->{status} == 400, 'refused at the gate: ' . ($address =~ s/[^\x20-\x7e]/?/gr)
        or diag $r->{status};
    my $who = winner($claim);
    claim($claim, $who, name => 'x', mail => $address);
}
is sql('SELECT count(*) FROM kuji.mail_challenge'), $before, 'nobody is asked anything';
my %told;
for my $pair ([ "dots..$u\@$u" => "\"dots..$u\"\@$u" ], [ "ｗｉｄｅ\@$u" => "wide\@$u" ], [ "idn\@例え.テスト" => 'idn@xn--r8jz45g.xn--zckzah' ],
    [ "  Blank\@$u\t" => "Blank\@$u" ], [ "o'hara+x!#\$%&*\@$u" => "o'hara+x!#\$%&*\@$u" ])
{
    my ($typed, $to) = @$pair;
    # The tests' server keeps addresses without their quotes.
    my ($me, $mail) = confirmed($gate, $typed, $to =~ tr{"}{}dr);
    check_raw($mail, $to);
    is value((parts($mail->{raw}))[0], 'To'), "<$to>", "$to: as a server is told";
}
sql("UPDATE kuji.outbox SET due_at = 0 WHERE state = 'queued'");
is_deeply [ grep { $_ !~ /^[\x21-\x7e]+$/ || $_ =~ /d\.example|localhost|127/ } map { @{ $_->{to} } } Kuji::Mail->all ], [],
    'no mail went anywhere else';
is_deeply [ grep { my $mail = $_; my ($l) = parts($mail->{raw}); join(' ', map { $_->[0] } @$l) ne "@headers" } Kuji::Mail->all ], [],
    'no mail of all has another header';

done_testing;
