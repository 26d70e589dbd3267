#!/usr/bin/perl
# The audit page: what was changed, by whom, from where; its filter, its files,
# and its check.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use JSON::PP qw(decode_json);
use Test::More;
use Kuji::Admin;
use Kuji::Test;

my %admin = map { $_ => Kuji::Admin->new(role => $_) } qw(owner editor staff viewer);
my $owner = $admin{owner};
for my $path (qw(/admin/audit /admin/audit.csv /admin/audit.jsonl)) {
    is request('GET', $path)->{status}, 401, "$path: nobody";
    is $admin{$_}->get($path)->{status}, $_ eq 'owner' ? 200 : 403, "$path: $_" for sort keys %admin;
}

# Something to see.
my $slug = campaign({});
my ($id) = sql("SELECT tenant_id FROM kuji.campaign WHERE slug = '$slug'");
sql("SELECT set_config('kuji.tenant', '$id', false);
    SELECT kuji_api.audit_append('$owner->{id}', 'campaign.edit', 'campaign:' || c.uuid,
        '{\"before\": {\"title\": \"夏<b>\", \"n\": 1, \"same\": 2, \"deep\": {\"a\": 1}, \"closes_at\": 1795600000000},
          \"after\": {\"title\": \"冬&\", \"n\": 1, \"same\": 2, \"deep\": {\"a\": 2}, \"closes_at\": 1795700000000, \"new\": [1, 2]}}', '2001:db8::5')
      FROM kuji.campaign c WHERE c.slug = '$slug'");
my $page = $owner->get('/admin/audit')->{text};
like $page, qr/<span class="changed-label">キャンペーン名<\/span> <span class="visually-hidden">変更前 <\/span><del>夏&lt;b&gt;<\/del> <span aria-hidden="true">→<\/span> <span class="visually-hidden">変更後 <\/span><ins>冬&amp;<\/ins>/, 'before and after';
like $page, qr/<code>deep\.a<\/code> <span class="visually-hidden">変更前 <\/span><del>1<\/del> <span aria-hidden="true">→<\/span> <span class="visually-hidden">変更後 <\/span><ins>2<\/ins>/, 'inside too';
like $page, qr/<code>new<\/code> <span class="visually-hidden">変更前 <\/span><del>なし<\/del> <span aria-hidden="true">→<\/span> <span class="visually-hidden">変更後 <\/span><ins>\[1,2\]<\/ins>/, 'what was not there';
like $page, qr/<span class="changed-label">終了<\/span> <span class="visually-hidden">変更前 <\/span><del>2026年11月25日（水）18:46<\/del>/, 'times are read as such';
unlike $page, qr/<code>same<\/code>/, 'nothing that stayed';
like $page, qr/2001:db8::5/, 'from where';
like $page, qr/\Q$owner->{login}\E/, 'by whom';
like $page, qr/キャンペーンの編集/, 'in words';
like $page, qr/Campaign \Q$slug\E/, 'to what';
like $page, qr/提供事業者（kujictl）/, 'kujictl is known';
is sql("SELECT address FROM kuji.audit WHERE actor = '$owner->{id}' AND action = 'admin.login' LIMIT 1"), '127.0.0.1',
    'a log-in says from where';
is request('POST', "/api/v1/campaigns/$slug/close", token => 'first', json => { reason => 'early' })->{status}, 200, "by API";
is sql("SELECT address FROM kuji.audit WHERE action = 'campaign.close' ORDER BY at DESC LIMIT 1"), '127.0.0.1',
    'so does a program';

# Filters.
my $mine = $owner->get("/admin/audit?actor=$owner->{id}&action=campaign.edit")->{text};
is scalar(() = $mine =~ /<th scope="row">/g), 1, 'one entry';
like $mine, qr/<option value="\Q$owner->{id}\E" selected>/, 'the filter stays';
like $mine, qr/href="\?actor=\Q$owner->{id}\E&amp;action=campaign\.edit&amp;verify=1"/, 'also in links';
like $owner->get('/admin/audit?from=2020-01-01&to=2020-12-31')->{text}, qr/あてはまる記録はありません/, 'an empty year';
is $owner->get('/admin/audit?from=x')->{status}, 400, 'no day';
is $owner->get("/admin/audit?actor=%27%20OR%201%3D1--")->{status}, 200, 'no SQL';
unlike $owner->get("/admin/audit?actor=%22%3E%3Cscript%3E")->{text}, qr/"><script>/, 'no script';
my $older = $owner->get('/admin/audit?before=3')->{text};
unlike $older, qr/>#3</, 'older ones';
like $older, qr/>#2</, 'from there on';

# Files.
my $r = $owner->get("/admin/audit.csv?actor=$owner->{id}&action=campaign.edit&encoding=utf-8");
like $r->{text}, qr/^番号,日時,操作した人のID,操作した人,接続元,操作,対象,内容,ハッシュ値\r\n/, 'CSV';
is scalar(() = $r->{text} =~ /\r\n/g), 2, 'of the filter';
my $file = $owner->get('/admin/audit.jsonl');
is $file->{status}, 200, 'JSON Lines' or diag explain $file;
my @lines = split /\n/, $file->{content};
my ($entries) = sql("SELECT max(seq) FROM kuji.audit WHERE tenant_id = '$id'");
is scalar @lines, $entries, 'all of it as JSON Lines';
is decode_json($lines[0])->{action}, 'tenant.create', 'from the first one';
is sql("SELECT d.what || '|' || (d.slug IS NULL) || '|' || e.rows FROM kuji.download d
    JOIN kuji.download_end e ON e.download_id = d.id ORDER BY d.id DESC LIMIT 1"), "audit|true|$entries", 'and logged';

# The check.
my ($head) = sql("SELECT encode(hash, 'hex') FROM kuji.audit WHERE tenant_id = '$id' ORDER BY seq DESC LIMIT 1");
my $whole = $owner->get('/admin/audit?verify=1')->{text};
like $whole, qr/記録はすべてつながっています/, 'whole';
like $whole, qr/\Q$head\E/, 'its head';
sql("UPDATE kuji.audit SET actor = actor || 'x' WHERE tenant_id = '$id' AND seq = 2");
like $owner->get('/admin/audit?verify=1')->{text}, qr/2 番の記録が、その前とつながりません/, 'broken';
sql("UPDATE kuji.audit SET actor = left(actor, -1) WHERE tenant_id = '$id' AND seq = 2");
like $owner->get('/admin/audit?verify=1')->{text}, qr/記録はすべてつながっています/, 'whole again';
unlike $whole, qr/>2<\/code> 番/, 'says no more than there is';

done_testing;
