#!/usr/bin/perl
# Payments in the console: settings, the counter, the list, one payment with its
# ledger; and the reconciliation by kujictl.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Encode qw(decode_utf8);
use Test::More;
use JSON::PP    ();
use Kuji::Admin ();
use Kuji::Form  ();
use Kuji::Pay   ();
use Kuji::Test;

my $owner = Kuji::Admin->new;
my $staff = Kuji::Admin->new(role => 'staff');

# kujictl's exit code and what it says.
sub pay_ctl {
    my (@arguments) = @_;
    open my $pipe, '-|', 'kujictl', 'pay', @arguments or die "kujictl: $!";
    local $/;
    my $said = decode_utf8(<$pipe> // '');
    close $pipe;
    return ($? >> 8, $said);
}

# ---- settings ----
my $pay    = Kuji::Pay->new(owner => $owner);
my $secret = $pay->{place}{secret};
my $page   = $owner->get('/admin/payments/settings');
like $page->{text}, qr/2025年4月30日に終了/, 'LINE Pay has ended in Japan, the page says';
unlike $page->{text}, qr/$secret/, 'the secret is never shown';
is $pay->save(secret => '')->{status}, 303, 'what is left empty stays';
is $pay->save(secret => '', base => 'https://pay.example')->{status}, 422, 'but not for another address';
is $pay->save(base => 'http://pay.example')->{status}, 422, 'https only';
is $pay->save(provider => 'cash')->{status}, 422, 'a provider that is none';
is $pay->save(key => '')->{status}, 422, 'a key is needed';
is $owner->send('/admin/payments/settings', $pay->settings, expected => 1)->{status}, 409, 'an old form changes nothing';
is scalar(sql("SELECT count(*) FROM kuji.pay_settings WHERE position('$secret'::bytea IN secret) > 0")), 0,
    'sealed in the database';
my $log = sql("SELECT string_agg(detail::text, ' ') FROM kuji.audit WHERE action = 'pay.settings'");
like $log, qr/line_pay/, 'the audit log says what changed';
unlike $log, qr/$secret/, 'and not the secret';
like $owner->send('/admin/payments/settings/test')->{text}, qr/接続できました/, 'the connection is good';
$pay->save(secret => 'another');
like $owner->send('/admin/payments/settings/test')->{text}, qr/断られました（1106）/, 'with another secret it is not';
$pay->save;
is $staff->get('/admin/payments/settings')->{status}, 403, 'the settings are the owner\'s';

# ---- the counter ----
my $slug = $pay->campaign(draws => 2);
my $base = "/admin/campaigns/$slug/pay";
is $staff->get($base)->{status}, 200, 'staff has a counter';

# The page's key.
sub fresh { return $staff->get($base)->{text} =~ /name="key" value="([^"]+)"/ ? $1 : die 'no form' }
sub code { return $pay->{line}->control(key => {@_})->{key} }

is $staff->send($base, key => fresh(), code => '12a')->{status}, 422, 'a code that is none';
my ($key, $code) = (fresh(), code());
my $r = $staff->send($base, key => $key, code => $code =~ s/(\d{6})/$1 /gr);
is $r->{status}, 200, 'paid';
like $r->{text}, qr/お支払いを受け取りました/, 'as the page says';
my $order = $pay->newest;
is scalar @{ $pay->charged($order) }, 1, 'charged once';
my ($url) = $r->{text} =~ m{<code>(https?://[^<]+)</code>};
like $url, qr{/k/$slug\?token=[A-Za-z0-9_-]{22}$}, 'with a link for the customer';
like $r->{text}, qr/<svg class="qr"/, 'and its QR code';
my $again = $staff->send($base, key => $key, code => $code);
like $again->{text}, qr/\Q$url\E/, 'pressed again: the same order, the same right';
is scalar @{ $pay->charged($order) }, 1, 'not charged again';
unlike sql("SELECT string_agg(p::text, ' ') FROM kuji.payment p") . sql("SELECT string_agg(e::text, ' ') FROM kuji.payment_event e"),
    qr/$code/, 'the code is kept nowhere';
like $staff->send($base, key => fresh(), code => $code)->{text}, qr/お支払いは行われませんでした/, 'a used code pays nothing';

# The customer draws by the link; nobody else does then.
my ($token) = $url =~ /(\?token=.*)/;
my ($me, $other) = map { Kuji::Form->new } 1, 2;
for my $who ($me, $other) {
    $who->get("/k/$slug$token");
    like $who->get("/k/$slug")->{text}, qr/残り2回引けます/, 'the link is opened';
}
is $me->post($slug, $me->form($slug))->{status}, 303, 'the first one draws';
is $other->post($slug, key => 'too-late')->{status}, 403, 'the second one does not';
like $other->get("/k/$slug")->{text}, qr{action="/k/$slug/buy"}, 'but may buy';

# ---- the list and one payment ----
$page = $staff->get('/admin/payments');
like $page->{text}, qr{/admin/payments/$order}, 'the list';
like $page->{text}, qr/1 \/ 2回引いた/, 'knows what was drawn';
is $staff->get('/admin/payments?state=captured')->{status}, 200, 'by state';
unlike $staff->get('/admin/payments?state=refunded')->{text}, qr/$order/, 'others are left out';
$page = $staff->get("/admin/payments/$order");
like $page->{text}, qr/お支払いの開始.*開始できた/s, 'the ledger';
unlike $page->{text}, qr/token=/, 'the right is shown no more';
unlike $page->{text}, qr{/refund"}, 'staff pays nothing back';
is $staff->send("/admin/payments/$order/refund", reason => 'x', confirm => substr $order, -6)->{status}, 403, 'at all';
is $staff->get('/admin/payments/kuji-none')->{status}, 404, 'no such payment';

# ---- paying back ----
sub refund { my ($o, %f) = @_; return $owner->send("/admin/payments/$o/refund", reason => '返品', confirm => substr($o, -6), %f) }
is refund($order, reason => '')->{status}, 422, 'a reason is needed';
is refund($order, confirm => 'nonono')->{status}, 422, 'and the order\'s last characters';
is refund($order, amount => 'much')->{status}, 422, 'and an amount';
is refund($order, amount => '100.01')->{status}, 409, 'not more than was paid';
is refund($order, amount => '30')->{status}, 303, 'a part';
is $pay->of($order, "state || ' ' || refunded"), 'partly_refunded 3000', 'as the table has it';
like $me->get("/k/$slug")->{text}, qr/残り1回引けます/, 'the right stays';
is refund($order)->{status}, 303, 'the rest';
is $pay->of($order, "state || ' ' || refunded"), 'refunded 10000', 'all of it';
is $pay->charged($order)->[0]{refunded}, '100', 'as the provider has it';
is $me->post($slug, key => 'after-all')->{status}, 403, 'the unused draw is gone';
is $me->get("/k/$slug/me")->{status}, 200, 'what was drawn stays';
is scalar(sql("SELECT reasons & 8 FROM kuji.flag f JOIN kuji.campaign c ON c.id = f.campaign_id WHERE c.slug = '$slug'")),
    8, 'and is marked for a look';
is scalar(sql("SELECT words FROM kuji_api.flagged f JOIN kuji.campaign c ON c.id = f.campaign_id WHERE c.slug = '$slug'")),
    'refunded', 'as lists of draws have it too';
is refund($order)->{status}, 409, 'nothing is left to pay back';
my ($reason) = sql("SELECT detail ->> 'reason' FROM kuji.audit WHERE action = 'payment.refund' AND object = 'payment:$order' LIMIT 1");
is decode_utf8($reason), '返品', 'the reason is in the audit log';

# A refund whose answer is lost: the right is gone at once, nothing is paid back
# twice, and it is found out.
($key, $code) = (fresh(), code());
$staff->send($base, key => $key, code => $code);
$order = $pay->newest;
$pay->{line}->fault("/v4/payments/orders/$order/refund", 'drop_after');
like $owner->follow(refund($order))->{text}, qr/返事がまだ分かりません/, 'an answer that is lost';
is $pay->of($order, "state || ' ' || asked"), 'captured refund', 'is not known';
is refund($order)->{status}, 409, 'and not asked for again';
is scalar(sql("SELECT l.expires_at FROM kuji.link l JOIN kuji.payment p ON p.entry = l.digest WHERE p.order_id = '$order'")),
    0, 'the right is withheld';
$pay->due($order);
ok $pay->wait_for($order, "state = 'refunded' AND asked IS NULL"), 'then it is looked up';
is $pay->charged($order)->[0]{refunded}, '100', 'paid back once';

# One that never got there: the right comes back.
($key, $code) = (fresh(), code());
$staff->send($base, key => $key, code => $code);
$order = $pay->newest;
$pay->{line}->fault("/v4/payments/orders/$order/refund", 'drop');
refund($order);
$pay->due($order, 100_000);
ok $pay->wait_for($order, "state = 'captured' AND asked IS NULL"), 'a refund that did not come about';
is $pay->charged($order)->[0]{refunded}, '0', 'as the provider has it';
is scalar(sql("SELECT l.expires_at > 0 FROM kuji.link l JOIN kuji.payment p ON p.entry = l.digest WHERE p.order_id = '$order'")),
    't', 'the right holds again';
like $owner->send("/admin/payments/$order/right")->{text}, qr/token=/, 'and can be shown again';
ok scalar(sql("SELECT count(*) FROM kuji.audit WHERE action = 'payment.right' AND object = 'payment:$order'")) >= 2,
    'each time is in the audit log';

# An answer about the refund that names another amount than was paid: it is
# kept, for somebody to look at; what was given stays given.
($key, $code) = (fresh(), code());
$staff->send($base, key => $key, code => $code);
$order = $pay->newest;
$pay->{line}->fault("/v4/payments/orders/$order/refund", 'drop_after');
refund($order, amount => '40');
$pay->{line}->fault('/v4/payments', 'status', status => 200, exact => 1, times => 40, body => JSON::PP::encode_json(
    { returnCode => '0000', info => [ { orderId => $order, transactionId => '2023042201206549310',
        payInfo => [ { method => 'BALANCE', amount => 100 } ], refundList => [ { refundAmount => 'forty' } ] } ] }));
$pay->due($order, 100_000);
expect_log("payment $order: another amount was taken");
ok $pay->wait_for($order, "mismatch AND asked IS NULL"), 'what cannot be read is marked';
is $pay->of($order, "state || ' ' || captured || ' ' || (entry IS NOT NULL)"), 'captured 10000 true', 'the right stays';
$pay->{line}->clear;
is refund($order, amount => '60')->{status}, 303, 'and the rest is paid back';
is $pay->of($order, "state || ' ' || refunded || ' ' || mismatch"), 'partly_refunded 6000 true', 'as far as is known';
is +(pay_ctl('check', 'first', $order))[0], 0, 'once the provider tells';
is $pay->of($order, "state || ' ' || refunded"), 'refunded 10000', 'all is known';

# ---- held, captured, voided ----
($key, $code) = (fresh(), code());
like $staff->send($base, key => $key, code => $code, hold => 'yes')->{text}, qr/代金を確保しました/, 'held';
$order = $pay->newest;
is $pay->of($order, 'state'), 'authorized', 'not taken';
is $pay->of($order, 'entry IS NULL'), 't', 'and no right yet';
my %sure = (reason => '確認', confirm => substr $order, -6);
is $owner->send("/admin/payments/$order/capture", %sure)->{status}, 303, 'captured';
is $pay->of($order, "state || ' ' || (entry IS NOT NULL)"), 'captured true', 'now there is one';
($key, $code) = (fresh(), code());
$staff->send($base, key => $key, code => $code, hold => 'yes');
$order = $pay->newest;
is $owner->send("/admin/payments/$order/void", %sure, confirm => substr $order, -6)->{status}, 303, 'given up';
is $pay->of($order, 'state'), 'voided', 'voided';
is $pay->charged($order)->[0]{state}, 'voided', 'as the provider has it';

# ---- an answer that is lost at the counter ----
($key, $code) = (fresh(), code());
$pay->{line}->fault('/v4/payments/oneTimeKeys/pay', 'drop_after');
$pay->{line}->fault($_, 'status', times => 40, status => 500)
    for '/v4/payments/orders', '/v4/payments/authorizations';
$pay->{line}->fault('/v4/payments', 'status', times => 40, status => 500, exact => 1);
$r = $staff->send($base, key => $key, code => $code);
like $r->{text}, qr/もう一度お支払いいただかないでください/, 'nobody knows';
$order = $pay->newest;
is $pay->save(key => '1600000009')->{status}, 409, 'the account cannot change meanwhile';
$pay->{line}->clear;
$r = $staff->send($base, key => $key, again => 'yes');
like $r->{text}, qr/お支払いを受け取りました.*token=/s, 'a look tells, and gives the right';
is scalar @{ $pay->charged($order) }, 1, 'charged once';

# ---- the books ----
# Payments of before had another provider.
sql("UPDATE kuji.payment SET created_at = created_at - 10 * 86400000::bigint WHERE id < (
    SELECT min(p.id) FROM kuji.payment p JOIN kuji.campaign c ON c.id = p.campaign_id WHERE c.slug = '$slug')");
my $today = do { my @t = gmtime(time - 86400); sprintf '%04d-%02d-%02d', $t[5] + 1900, $t[4] + 1, $t[3] };
my ($exit, $said) = pay_ctl('check', 'first');
is $exit, 0, 'what is open is looked at';
($exit, $said) = pay_ctl('reconcile', 'first', '--from', $today);
is $exit, 0, 'the books agree' or diag $said;
like $said, qr/0 differences/, 'as it says';
# What the provider's own console does behind our back.
sql("DELETE FROM kuji.link WHERE digest = (SELECT entry FROM kuji.payment WHERE order_id = '$order');
    ALTER TABLE kuji.payment DISABLE TRIGGER payment_guard;
    UPDATE kuji.payment SET state = 'failed', captured = 0, refunded = 0, entry = NULL WHERE order_id = '$order';
    ALTER TABLE kuji.payment ENABLE TRIGGER payment_guard");
($exit, $said) = pay_ctl('reconcile', 'first', '--from', $today);
is $exit, 1, 'they differ';
like $said, qr/$order.*failed.*captured/, 'and where';
($exit, $said) = pay_ctl('check', 'first', $order);
is $exit, 0, 'one is looked at';
is $pay->of($order, "state || ' ' || (entry IS NOT NULL)"), 'captured true', 'and mended: no right is lost';
is +(pay_ctl('reconcile', 'first', '--from', $today))[0], 0, 'they agree again';
is +(pay_ctl('reconcile', 'first', '--from', 'yesterday'))[0], 2, 'a day that is none';

# ---- taken out ----
# Goods whose name a spreadsheet must not run, sold once, paid back in part.
$slug = $pay->campaign(goods => '=HYPERLINK("http://x","お茶")', goods_en => '');
$base = "/admin/campaigns/$slug/pay";
($key, $code) = (fresh(), code());
$staff->send($base, key => $key, code => $code);
$order = $pay->newest;
refund($order, amount => '30.5');
my $files = "/admin/campaigns/$slug/exports";
like $owner->get($files)->{text}, qr{$files/payments\.csv}, 'offered to an owner';
my $csv = $owner->get("$files/payments.csv")->{text};
my ($head, @lines) = split /\r\n/, $csv;
is $head, '注文番号,日時,状態の更新日時,決済サービス,商品,通貨,金額,受け取った金額,返金した金額,状態,返事の待ち,金額の不一致,'
    . '決済サービスの取引番号,くじの回数,引いた回数,返金により引けない,店頭の担当者', 'what is what';
is scalar @lines, 1, "one campaign's payments";
my $transaction = $pay->of($order, 'transaction_id');
like $lines[0], qr/^$order,[\d :-]{19},[\d :-]{19},line_offline,"'=HYPERLINK\(""http:\/\/x"",""お茶""\)",TWD,100.00,100.00,30.50,partly_refunded,false,false,$transaction,1,0,false,\Q$staff->{login}\E$/,
    'as it stands, and no formula';
my ($object) = map { JSON::PP->new->decode($_) } split /\n/, $owner->get("$files/payments.jsonl")->{text};
is $object->{goods}, '=HYPERLINK("http://x","お茶")', 'in JSON as it was typed';
is_deeply [ @$object{qw(amount refunded draws used withdrawn)} ], [ '100.00', '30.50', 1, 0, JSON::PP::false() ], 'and typed';
is $owner->get("$files/payments.csv?state=refunded")->{text} =~ s/^.*\r\n//r, '', 'by state';
is $owner->get("$files/payments.csv?from=2099-01-01")->{text} =~ s/^.*\r\n//r, '', 'by day';
is scalar(sql("SELECT d.what || ' ' || d.slug || ' ' || e.outcome || ' ' || e.rows FROM kuji.download d
    JOIN kuji.download_end e ON e.download_id = d.id WHERE d.format = 'jsonl' ORDER BY d.id DESC LIMIT 1")),
    "payments $slug complete 1", 'and it is in the download log';
like $owner->get('/admin/exports')->{text}, qr/お支払い/, 'which calls it by its name';

# ---- PayPay: the customer scans ours ----
my $yen = Kuji::Pay->new(owner => $owner, provider => 'paypay', line => $pay->{line});
$slug = $yen->campaign;
$base = "/admin/campaigns/$slug/pay";
$key  = fresh();
$r    = $staff->send($base, key => $key);
like $r->{text}, qr/お客さまに読み取ってもらう.*<svg class="qr"/s, 'a code to scan';
$order = $yen->newest;
is $yen->of($order, "driver || ' ' || state || ' ' || amount || currency"), 'paypay waiting 1200JPY', 'in yen';
$yen->{line}->control(paypay => [ $order, 'pay' ]);
like $staff->send($base, key => $key, again => 'yes')->{text}, qr/お支払いを受け取りました.*token=/s, 'paid';
is scalar @{ $yen->charged($order) }, 1, 'once';
is refund($order)->{status}, 303, 'paid back';
is $yen->of($order, 'state'), 'refunded', 'all of it';
my $buyer = Kuji::Form->new;
$order = $yen->buy($buyer, $slug);
$yen->{line}->control(paypay => [ $order, 'pay' ]);
like $buyer->get("/k/$slug/pay/$order")->{text}, qr/お支払いが済みました/, 'and on the page';
is $buyer->post($slug, $buyer->form($slug))->{status}, 303, 'drawn';

done_testing;
