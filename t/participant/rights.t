#!/usr/bin/perl
# What participants can do about their data: see it, take it along, have it
# erased; and what is left then, in the database and of the limits.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Encode qw(decode);
use JSON::PP ();
use Test::More;
use Kuji::Form;
use Kuji::Test;
use Kuji::Winner;

# Nobody else in the suite gives these.
my %given = (name => '葛城 志乃', postal => '100-0001', prefecture => '東京都', city => '千代田区', street => '千代田9-8-7', phone => '070-5550-1984');

sub ask_erase {
    my ($me, $slug, %fields) = @_;
    my $headers = delete $fields{_headers} // {};
    return $me->ask('POST', "/k/$slug/me/erase", body => join('&', map { "$_=$fields{$_}" } keys %fields),
        headers => { 'Content-Type' => 'application/x-www-form-urlencoded',
            'Sec-Fetch-Site' => 'same-origin', %$headers });
}

# The whole database as text, as a backup has it.
sub dump_of_database {
    open my $pipe, '-|', qw(pg_dump -d kuji --data-only) or die "pg_dump: $!";
    local $/;
    my $dump = <$pipe>;
    close $pipe or die 'pg_dump: exit ' . ($? >> 8);
    return $dump;
}

my $slug = winners_campaign(
    limits => { draws_per_participant => 1 },
    texts  => { ja => { marketing_consent => 'お知らせを受け取ります。' } },
);
my $other = winner($slug);
claim($slug, $other, %taro, name => '佐藤 次郎');
my $stranger = Kuji::Form->new;
my $nothing  = $stranger->get("/k/$slug/me/data");
is $nothing->{status}, 200, 'a stranger may look';
like $nothing->{text}, qr/お預かりしている情報はありません/, 'at nothing';
is_deeply $stranger->get("/k/$slug/me/data.json")->{json}{draws}, [], 'as JSON too';

# Seeing.
my $me = Kuji::Form->new;
my $r  = $me->post($slug, $me->form($slug), marketing => 'yes');
($me->{n}) = $r->{headers}{location} =~ m{/draws/(\d+)$};
claim($slug, $me, %given);
like $me->get("/k/$slug/me")->{text}, qr{href="/k/$slug/me/data">お預かりしている情報}, 'the way there';
my $page = $me->get("/k/$slug/me/data");
is $page->{status}, 200, 'the page';
like $page->{headers}{'cache-control'}, qr/no-store/, 'is not kept';
like $page->{text}, qr/志乃/, 'what was given';
like $page->{text}, qr/千代田9-8-7/, 'all of it';
like $page->{text}, qr/温泉ペア宿泊券/, 'the prize';
like $page->{text}, qr/お知らせを受け取ります。/, 'the consents';
unlike $page->{text}, qr/佐藤/, 'nobody else';

# Taking along.
my $json = $me->get("/k/$slug/me/data.json");
like $json->{headers}{'content-disposition'}, qr/^attachment; filename="my-data-\Q$slug\E\.json"$/, 'a file';
like $json->{headers}{'cache-control'}, qr/no-store/, 'is not kept';
my $data = $json->{json};
is $data->{campaign}, $slug, 'of the campaign';
is $data->{draws}[0]{n}, $me->{n}, 'the draw';
is $data->{draws}[0]{prize}, 'A', 'its prize';
like $data->{draws}[0]{receipt}{leaf}, qr/"n":$me->{n}\b/, 'its receipt';
is $data->{claims}[0]{data}{street}, '千代田9-8-7', 'what was given';
is $data->{claims}[0]{state}, 'claimed', 'the state';
is_deeply [ map { $_->{kind} } @{ $data->{consents} } ], [qw(terms marketing terms)], 'the consents, of the draw and of the claim';
is_deeply $data->{counted}, { draws => 1, wins => 1 }, 'the counters';
unlike $json->{content}, qr/佐藤/, 'nobody else';

# Withdrawing marketing: its time stays on record, the terms hold.
$r = $me->ask('POST', "/k/$slug/me/data", body => '', headers => { 'Sec-Fetch-Site' => 'cross-site' });
is $r->{status}, 403, 'not from another site';
$r = $me->ask('POST', "/k/$slug/me/data", body => '', headers => { 'Sec-Fetch-Site' => 'same-origin' });
is $r->{status}, 303, 'withdrawn';
$page = $me->get($r->{headers}{location});
like $page->{text}, qr/取り消し：/, 'says when';
unlike $page->{text}, qr/お知らせの同意を取り消す/, 'and is done';
my ($terms, $marketing) = @{ $me->get("/k/$slug/me/data.json")->{json}{consents} };
ok !$terms->{withdrawn_at}, 'the terms hold';
like $marketing->{withdrawn_at}, qr/^\d{4}-\d\d-\d\dT/, 'with its time';

# Erasing asks first.
$page = $me->get("/k/$slug/me/erase");
like $page->{text}, qr/受け取れなくなる賞品/, 'names the prizes that are given up';
like $page->{text}, qr/温泉ペア宿泊券/, 'each';
like $page->{text}, qr/引いた回数（/, 'and what stays';
$r = ask_erase($me, $slug);
is $r->{status}, 422, 'without the tick';
like $r->{text}, qr/まだ何も消去していません。/, 'nothing is done';
is ask_erase($me, $slug, confirm => 'erase', _headers => { 'Sec-Fetch-Site' => 'cross-site' })->{status}, 403,
    'not from another site';
like $me->get("/k/$slug/me/data")->{text}, qr/志乃/, 'all is there still';

# What a backup before has, and one after has not.
my ($campaign) = sql("SELECT id FROM kuji.campaign WHERE slug = '$slug'");
my ($digest) = sql("SELECT encode(participant, 'hex') FROM kuji.draw WHERE campaign_id = $campaign AND n = $me->{n}");
my ($sealed) = sql("SELECT encode(data, 'hex') FROM kuji.claim_detail WHERE campaign_id = $campaign AND n = $me->{n}");
my ($salt) = sql("SELECT encode(salt, 'hex') FROM kuji.participant WHERE campaign_id = $campaign AND encode(digest, 'hex') = '$digest'");
my @identifiers = sql("SELECT encode(digest, 'hex') FROM kuji.identifier WHERE campaign_id = $campaign AND n = $me->{n}");
cmp_ok scalar @identifiers, '>', 1, 'look-ups of the name and the phone';
my $before = dump_of_database();
my %held = (sealed => $sealed, salt => $salt, map { ("identifier $_" => $_) } @identifiers);
like $before, qr/\Q$held{$_}\E/, "$_ is in a dump" for sort keys %held;

$r = ask_erase($me, $slug, confirm => 'erase');
is $r->{status}, 303, 'erased';
my $receipt = $r->{headers}{location};
like $receipt, qr{^/k/\Q$slug\E/erasures/[0-9a-f]{8}-[0-9a-f-]{27}$}, 'a receipt';
$page = Kuji::Form->new->get($receipt);
is $page->{status}, 200, 'which can be opened again, from anywhere';
my ($id) = $receipt =~ m{([^/]+)$};
like $page->{text}, qr/\Q$id\E/, 'has its number';
like $page->{text}, qr/1 件をあなたから切り離しました/, 'and counts';
unlike $page->{text}, qr/志乃/, 'and nothing of the person';
is +Kuji::Form->new->get($receipt =~ s/.$/0/r =~ s/(.)$/$1 eq substr($receipt, -1) ? '1' : $1/er)->{status}, 404,
    'another number is none';
my $elsewhere = winners_campaign();
is +Kuji::Form->new->get("/k/$elsewhere/erasures/$id")->{status}, 404, 'nor is it another campaign\'s';

my $after = dump_of_database();
unlike $after, qr/\Q$held{$_}\E/, "$_ is in none" for sort keys %held;
for my $plain ('志乃', '070-5550-1984', '千代田9') {
    unlike decode('UTF-8', $after), qr/\Q$plain\E/, 'nor anything in plain';
}
is sql("SELECT count(*) FROM kuji.consent WHERE campaign_id = $campaign AND encode(participant, 'hex') = '$digest'"), '0',
    'no consent';
is sql("SELECT count(*) FROM kuji.draw WHERE campaign_id = $campaign AND encode(participant, 'hex') = '$digest'"), '0',
    'no draw is linked';
is sql("SELECT count(*) FROM kuji.claim_detail WHERE campaign_id = $campaign AND data IS NOT NULL"), '1',
    'somebody else\'s stays';
my ($audit) = sql("SELECT actor || ' ' || coalesce(address, '-') || ' ' || detail::text FROM kuji.audit
    WHERE action = 'person.erase' AND detail ->> 'receipt' = '$id'");
like $audit, qr/^participant - \{/, 'audited, without an address';
unlike $audit, qr/\Q$digest\E|志乃/, 'or whose it was';

# Nothing is left to see; the limit holds; the ledger verifies.
like $me->get("/k/$slug/me/data")->{text}, qr/お預かりしている情報はありません/, 'nothing is held';
is $me->get("/k/$slug/draws/$me->{n}")->{status}, 404, 'the result is nobody\'s';
is $me->get(claim_path($slug, $me))->{status}, 404, 'nor the claim';
is ask_erase($me, $slug, confirm => 'erase')->{status}, 200, 'again: there is nothing to erase';
$r = $me->post($slug, $me->form($slug));
is $r->{status}, 409, 'drawing again';
like $r->{text}, qr/お一人で引ける回数を引き終わりました/, 'the limit holds';
like $me->get("/k/$slug/me/data")->{text}, qr/お預かりしている情報はありません/, 'and leaves nothing behind';
ctl('campaign', 'close', 'first', $slug, '--reason', 'early');
my $check = qx(kuji-verify @{[ Kuji::Test::site_url('first') ]}/k/$slug 2>&1);
is $?, 0, 'the ledger verifies' or diag $check;

# Too often.
my $eager = winner($elsewhere);
my @status; # each process has a bound of its own
while (@status < 1000 && !grep { $_ == 429 } @status) {
    push @status, $eager->get("/k/$elsewhere/me/data.json")->{status};
}
is $status[0], 200, 'once';
is $status[-1], 429, 'not without end';
is_deeply [ grep { $_ != 200 && $_ != 429 } @status ], [], 'and nothing worse';

# In English.
my $en = Kuji::Form->new(language => 'en');
$en->post($elsewhere, $en->form($elsewhere));
like $en->get("/k/$elsewhere/me/erase")->{text}, qr/This cannot be undone\./, 'English';

done_testing;
