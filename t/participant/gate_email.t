#!/usr/bin/perl
# The e-mail gate: an address is confirmed by a code or a link, once; nothing
# tells whether it is known; who guesses, or asks too often, gets nowhere.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Kuji::Admin;
use Kuji::Form;
use Kuji::Mail;
use Kuji::Test;

binmode Test::More->builder->$_, ':encoding(UTF-8)' for qw(output failure_output);

my $serial = 0;

sub email_campaign {
    return campaign({ title => 'メールくじ', gates => ['email'], odds_total => 1, claim_days => 14,
        prizes => [ { code => 'A', name => '温泉ペア宿泊券', kind => 'parcel', units => 1000,
                weight => 1 } ], @_ });
}

sub address { return 'taro-' . ++$serial . "-$$\@example.com" }

sub post {
    my ($me, $path, %fields) = @_;
    return Kuji::Admin::send($me, $path, %fields);
}

# Asks for a code; the challenge of the page that comes of it.
sub ask {
    my ($me, $slug, $address, %more) = @_;
    my $r = post($me, "/k/$slug/mail", address => $address, %more);
    my ($c) = ($r->{headers}{location} // '') =~ m{/k/\Q$slug\E/mail\?c=([0-9a-f-]{36})} or return;
    return $c;
}

sub confirm {
    my ($me, $slug, $address) = @_;
    my $c = ask($me, $slug, $address);
    my ($mail) = mails($address, 1);
    my ($code) = code_of($mail);
    return post($me, "/k/$slug/mail/code", challenge => $c, code => $code);
}

my $slug = email_campaign();

# -- the way in
{
    my $me   = Kuji::Form->new;
    my $page = $me->get("/k/$slug");
    like $page->{text}, qr{<form[^>]*action="/k/\Q$slug\E/mail">.*?type="email"[^>]*autocomplete="email"}s,
        'the page asks for an address';
    unlike $page->{text}, qr{action="/k/\Q$slug\E/draw"}, 'and offers no draw yet';
    my $to = address();
    my $c  = ask($me, $slug, $to);
    ok $c, 'an address is taken';
    $page = $me->get("/k/$slug/mail?c=$c");
    is $page->{status}, 200, 'the page of the code';
    like $page->{text}, qr{<input[^>]*name="code"[^>]*inputmode="numeric"[^>]*autocomplete="one-time-code"},
        'is one that phones fill in';
    like $page->{headers}{'cache-control'}, qr/no-store/, 'kept by nobody';
    unlike $page->{text}, qr/\Q$to\E/, 'and says no address';

    my ($mail) = mails($to, 1);
    ok $mail, 'a mail came';
    my ($code, $link) = code_of($mail);
    is $mail->{headers}{subject}, "【メールくじ】確認コード $code", 'its subject has the code';
    is_deeply $mail->{defects}, [], 'another parser finds nothing wrong with it';
    is $mail->{from}, 'kuji@mail.test', 'from us';
    like $mail->{headers}{from}, qr/^Site first <kuji\@mail\.test>$/, 'under the tenant\'s name';
    is $mail->{headers}{'auto-submitted'}, 'auto-generated', 'by a program';
    ok !exists $mail->{headers}{'list-unsubscribe'}, 'no advertisement';
    like $mail->{headers}{'message-id'}, qr/^<[0-9a-f-]{36}\@mail\.test>$/, 'a Message-ID';
    like $link, qr{^http://first\.test/k/\Q$slug\E/mail\?token=[\w-]{32}$},
        'the link begins with the tenant\'s host, whatever the client called it';

    my $r = post($me, "/k/$slug/mail/code", challenge => $c,
        code => $code eq '000000' ? '000001' : '000000');
    is $r->{status}, 422, 'a wrong code';
    like $r->{text}, qr/コードが違うようです/, 'is said to be wrong';
    $r = post($me, "/k/$slug/mail/code", challenge => $c, code => 'abc');
    is $r->{status}, 422, 'no code at all';
    (my $wide = $code) =~ tr/0-9/０-９/;
    $r = post($me, "/k/$slug/mail/code", challenge => $c, code => substr($wide, 0, 3) . ' ' . substr($wide, 3));
    is $r->{status}, 303, 'full-width digits and a blank are understood';
    is $r->{headers}{location} =~ s{^https?://[^/]+}{}r, "/k/$slug", 'on to the draw';
    $r = post($me, "/k/$slug/mail/code", challenge => $c, code => $code);
    is $r->{status}, 422, 'a code works once';
    $page = $me->get("/k/$slug");
    like $page->{text}, qr{action="/k/\Q$slug\E/draw"}, 'now the draw';
    $r = $me->post($slug, $me->form($slug));
    is $r->{status}, 303, 'is drawn';
    my ($n) = $r->{headers}{location} =~ m{/draws/(\d+)$};

    # The win's mail, whose link asks again where the browser is not known.
    my (undef, $win) = mails($to, 2);
    is $win->{headers}{subject}, '【メールくじ】ご当選のお知らせ', 'the win is mailed';
    like $win->{body}, qr/温泉ペア宿泊券/, 'with the prize';
    like $win->{body}, qr/お手続きの期限: 20\d\d年/, 'and the deadline';
    like $win->{body}, qr{http://first\.test/k/\Q$slug\E/mail\?n=$n$}m, 'and where to go';
    $page = $me->get("/k/$slug/mail?n=$n");
    is $page->{status}, 303, 'which is by the gate';
    is $page->{headers}{location} =~ s{^https?://[^/]+}{}r, "/k/$slug/claims/$n", 'to the claim';

    my $phone = Kuji::Form->new(language => 'en');
    is $phone->get("/k/$slug/claims/$n")->{status}, 404, 'another device sees nothing';
    $page = $phone->get("/k/$slug/mail?n=$n");
    like $page->{text}, qr/please confirm the address/, 'until the address is confirmed there';
}

# -- an erasure is confirmed by mail, and the address goes
{
    my ($me, $to) = (Kuji::Form->new, address());
    confirm($me, $slug, $to);
    my $r = $me->post($slug, $me->form($slug));
    my ($n) = $r->{headers}{location} =~ m{/draws/(\d+)$};
    mails($to, 2);
    my $owner = Kuji::Admin->new;
    $r = $owner->send("/admin/people/$slug/$n/erase", confirm => $n);
    ok $r->{status} =~ /^[23]/, 'erased' or diag "$r->{status} $r->{text}";
    my (undef, undef, $mail) = mails($to, 3);
    is $mail->{headers}{subject}, '【メールくじ】個人情報を消去しました', 'the receipt is mailed';
    my ($receipt) = sql("SELECT e.id FROM kuji.erasure e JOIN kuji.campaign c ON c.id = e.campaign_id
        WHERE c.slug = '$slug' ORDER BY e.at DESC LIMIT 1");
    like $mail->{body}, qr/\Q$receipt\E/, 'with its number';
    is sql("SELECT count(*) FROM kuji.participant_mail m JOIN kuji.draw d ON d.campaign_id = m.campaign_id
        AND d.participant = m.digest JOIN kuji.campaign c ON c.id = d.campaign_id
        WHERE c.slug = '$slug' AND d.n = $n"), 0, 'and the address is gone';
}

# -- by the link, on another device; looking at it does not use it up
{
    my ($me, $phone) = (Kuji::Form->new, Kuji::Form->new);
    my $to = address();
    ask($me, $slug, $to);
    my ($mail) = mails($to, 1);
    my (undef, $link) = code_of($mail);
    my ($token) = $link =~ /token=([\w-]+)/;
    for (1 .. 3) {
        like $phone->get("/k/$slug/mail?token=$token")->{text}, qr{action="/k/\Q$slug\E/mail/link"},
            "look $_: a button";
    }
    unlike $phone->get("/k/$slug")->{text}, qr{action="/k/\Q$slug\E/draw"}, 'looking is no confirmation';
    my $r = post($phone, "/k/$slug/mail/link", token => $token);
    is $r->{status}, 303, 'the button is';
    like $phone->get("/k/$slug")->{text}, qr{action="/k/\Q$slug\E/draw"}, 'there';
    unlike $me->get("/k/$slug")->{text}, qr{action="/k/\Q$slug\E/draw"}, 'and not here';
    is post($me, "/k/$slug/mail/link", token => $token)->{status}, 422, 'once';
    like $me->get("/k/$slug/mail?token=$token")->{text}, qr/期限が切れたか/, 'and says so';
    my ($code) = code_of($mail);
    ok !grep { /\Q$token\E|\b$code\b/ } access_log(), 'neither code nor link is in the access log';
}

sub access_log {
    my @lines;
    for my $name (glob "$ENV{KUJI_SRC}/t/logs/access_log*") {
        open my $file, '<', $name or next;
        push @lines, <$file>;
    }
    return @lines;
}

# -- one person on two devices
{
    my ($me, $phone) = (Kuji::Form->new, Kuji::Form->new);
    my $slug = email_campaign(limits => { draws_per_participant => 1 });
    my $to = address();
    is confirm($me, $slug, $to)->{status}, 303, 'confirmed on one device';
    is $me->post($slug, $me->form($slug))->{status}, 303, 'and drawn';
    sql("UPDATE kuji.mail_challenge SET created_at = created_at - 61000");
    my $c = ask($phone, $slug, uc $to);
    my ($mail) = mails(uc($to) =~ s/\@.*/\@example.com/r, 1);
    my ($code) = code_of($mail);
    is post($phone, "/k/$slug/mail/code", challenge => $c, code => $code)->{status}, 303,
        'confirmed on another, in capitals';
    like $phone->post($slug, $phone->form($slug))->{text}, qr/引ける回数を引き終わりました/,
        'it is the same person';
}

# -- folding
{
    my $slug = email_campaign(email_fold => JSON::PP::true(), limits => { draws_per_participant => 1 });
    my $n = ++$serial . $$;
    my ($one, $two) = (Kuji::Form->new, Kuji::Form->new);
    is confirm($one, $slug, "hanako$n+a\@gmail.com")->{status}, 303, 'with a plus';
    is $one->post($slug, $one->form($slug))->{status}, 303, 'draws';
    sql("UPDATE kuji.mail_challenge SET created_at = created_at - 61000");
    is confirm($two, $slug, "hana.ko$n\@gmail.com")->{status}, 303, 'with a dot';
    is $two->post($slug, $two->form($slug))->{status}, 409, 'is the same person';
}

# -- too often, and guessing
{
    my $me = Kuji::Form->new;
    my $to = address();
    my $c  = ask($me, $slug, $to);
    my ($mail) = mails($to, 1);
    my ($code) = code_of($mail);
    is ask($me, $slug, $to, challenge => $c), $c, 'asked again at once: the code so far stays good';
    my $other = ask(Kuji::Form->new, $slug, $to);
    ok $other && $other ne $c, 'somebody else sees the same page';
    my $wrong = $code eq '111111' ? '222222' : '111111';
    is post($me, "/k/$slug/mail/code", challenge => $other, code => $code)->{status}, 422,
        'which no code fits';
    post($me, "/k/$slug/mail/code", challenge => $c, code => $wrong) for 1 .. 5;
    my $r = post($me, "/k/$slug/mail/code", challenge => $c, code => $code);
    is $r->{status}, 422, 'five wrong tries end it';
    like $r->{text}, qr/もう一度、確認コードをお受け取りください/, 'kindly';
    is scalar(mails($to, 2, 2)), 1, 'one mail went';
    is post($me, "/k/$slug/mail/code", challenge => 'x', code => $code)->{status}, 422, 'no challenge';
}
{
    my $me = Kuji::Form->new;
    my $to = address();
    my $c  = ask($me, $slug, $to);
    my ($mail) = mails($to, 1);
    my ($code) = code_of($mail);
    sql("UPDATE kuji.mail_challenge SET expires_at = created_at + 1 WHERE id = '$c'");
    is post($me, "/k/$slug/mail/code", challenge => $c, code => $code)->{status}, 422, 'ten minutes and no more';
    my $count = 1;
    for (1 .. 6) {
        sql("UPDATE kuji.mail_challenge SET created_at = created_at - 61000 WHERE identity =
            (SELECT identity FROM kuji.mail_challenge WHERE id = '$c')");
        ask($me, $slug, $to);
    }
    is sql("SELECT count(*) FROM kuji.mail_challenge WHERE identity =
        (SELECT identity FROM kuji.mail_challenge WHERE id = '$c')"), 5, 'five an hour';
}
{
    my $slug = email_campaign();
    my $me = Kuji::Form->new;
    ask($me, $slug, address());
    sql("INSERT INTO kuji.mail_challenge (id, campaign_id, tenant_id, created_at, expires_at, language, base,
            identity, prefix, code, token, address)
        SELECT gen_random_uuid(), campaign_id, tenant_id, created_at, expires_at, language, base,
            substr(sha256(g::text::bytea), 1, 16), prefix, code, substr(sha256(g::text::bytea), 1, 16), address
        FROM kuji.mail_challenge m CROSS JOIN generate_series(1, 299) g
        WHERE campaign_id = (SELECT id FROM kuji.campaign WHERE slug = '$slug')");
    my $r = post($me, "/k/$slug/mail", address => address());
    is $r->{status}, 429, 'too many from one network';
    is $r->{headers}{'retry-after'}, 600, 'come back later';
}

# -- what is no address; what is no gate
{
    my $me = Kuji::Form->new;
    for my $bad ('', 'taro', 'taro@localhost', "taro\@example.com\r\nBcc: x\@y.example", 'a' x 300) {
        my $r = post($me, "/k/$slug/mail", address => $bad);
        is $r->{status}, 422, 'no address';
        like $r->{text}, qr/メールアドレスの形をご確認ください/, 'said at the field';
    }
    my $open = campaign({ odds_total => 1, prizes => [ { code => 'A', name => 'A', kind => 'message',
        units => 1, weight => 1 } ] });
    is $me->get("/k/$open/mail")->{status}, 404, 'a campaign without the gate has no such page';
    is post($me, "/k/$open/mail", address => address())->{status}, 404, 'and takes none';
    is sql("SELECT count(*) FROM kuji.outbox o JOIN kuji.campaign c ON c.id = o.campaign_id WHERE c.slug = '$open'"),
        0, 'and mails nothing';
}

# -- nothing of it stands in the database as it is
is sql("SELECT count(*) FROM kuji.outbox o WHERE o::text ~* 'example\\.com|gmail'"), 0, 'no address in the outbox';
is sql("SELECT count(*) FROM kuji.mail_challenge m WHERE m::text ~* 'example\\.com|gmail'"), 0, 'nor with the codes';
is sql("SELECT count(*) FROM kuji.outbox WHERE kind = 'code' AND state = 'sent' AND (data IS NOT NULL OR address IS NOT NULL)"),
    0, 'what was mailed is forgotten';

done_testing;
