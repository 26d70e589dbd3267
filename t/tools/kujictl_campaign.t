#!/usr/bin/perl
# kujictl on campaigns, from the draft to the close: what each command says is
# compared with the database and the ledger, and what was refused has left
# nothing there. kuji-verify has the last word.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Digest::SHA qw(sha256_hex);
use Encode      qw(decode_utf8);
use JSON::PP    ();
use Time::HiRes qw(sleep);
use Kuji::Campaign qw(config_of now_ms);
use Kuji::Ctl;
use Kuji::CtlCampaign;
use Kuji::Test qw(draw request sql unique);

my $json  = JSON::PP->new->utf8;
my $title = '夏のくじ';

# Until the campaign takes a draw with this status.
sub comes_to {
    my ($status, $slug, $name) = @_;
    my $got = 0;
    for (1 .. 50) {
        $got = draw($slug)->{status};
        last if $got == $status;
        sleep 0.1;
    }
    is $got, $status, $name;
    return;
}

# ---- create ----

my $slug = unique('ctl');
my $file = config_file({ method => 'box', title => decode_utf8($title),
        prizes => [ { code => 'A', units => 2 } ] }, $slug);
my $uuid = works('create', qw(campaign create first), $file);
is row($slug, 'uuid, status, size'), "$uuid|draft|0", 'its row';
is row($slug, 'f.config = $json$' . slurp($file) . '$json$::jsonb',
    'JOIN kuji.campaign_config f ON f.campaign_id = c.id'), 't', 'what it is to be';
my $from_input = unique('ctl');
works('create from the input', [ config_file({}, $from_input) ], qw(campaign create first -));
is row($from_input, 'status'), 'draft', 'a draft as well';
for my $case (
    [ 'no JSON',         1, qr/line 1: /,           '{"slug": ' ],
    [ 'a field twice',   1, qr/line 1: /,           '{"slug": "a", "slug": "b"}' ],
    [ 'a list',          1, qr/\S/,                 '[]' ],
    [ 'nothing',         1, qr/line 1: /,           '' ],
    [ 'another field',   1, qr/a field too many/,   { whim => 1 } ],
    [ 'no such zone',    1, qr/timezone/,           { timezone => 'Asia/Edo' } ],
    [ 'a slug taken',    1, qr/has this slug/,      { slug => $slug } ],
    [ 'a field missing', 1, qr/\S/,                 { title => undef } ])
{
    my ($name, $status, $why, $text) = @$case;
    $text = $json->encode(config_of($text, 'x-' . $slug)) if ref $text;
    refused($name, $status, $why, qw(campaign create first), put($file, $text));
}
refused('no file', 1, qr{\bopen /none\.json: No such file}, qw(campaign create first /none.json));
refused('no tenant', 1, qr/no tenant nobody/, qw(campaign create nobody), config_file({}, "x-$slug"));
is row("x-$slug", 'count(*)'), 0, 'none of them was made';

# ---- publish, show, list ----

is state_of($slug)->{phase}, 'draft', 'show: a draft';
refused('a draft is not drawn', 1, qr/draft/, qw(campaign close first), $slug);
my ($hash) = works('publish', qw(campaign publish first), $slug) =~ /^manifest ([0-9a-f]{64})$/;
is row($slug, "c.status, encode(m.hash, 'hex')", 'JOIN kuji.manifest m ON m.campaign_id = c.id'),
    "published|$hash", 'it is published';
is sha256_hex(request('GET', "/k/$slug/manifest.json")->{content}), $hash, 'by what it printed';
is ledger_size($slug), '1|1', 'its ledger begins';
refused('publishing twice', 1, qr/\S/, qw(campaign publish first), $slug);
refused("another's campaign", 1, qr/no such campaign/, qw(campaign publish second), $slug);
my $late = make({ opens_at => now_ms() - 9000, closes_at => now_ms() - 1000 }, 'draft');
refused('publishing after the end', 1, qr/closes_at/, qw(campaign publish first), $late);
is row($late, 'status, size'), 'draft|0', 'leaves a draft';

my $mailed = make({ gates => ['email'] }, 'draft');
refused('publishing what needs mail', 1, qr/needs a mail server/, qw(campaign publish first), $mailed);
like works('publish: the hosts send mail', qw(campaign publish first), $mailed, '--mail'), qr/^manifest/, 'then it does';

my $state = state_of($slug);
is_deeply [ @$state{qw(campaign slug title method status phase draws leaves blanks_left)} ],
    [ $uuid, $slug, decode_utf8($title),
        qw(box published open 0 1 0) ], 'show';
is_deeply $state->{prizes}, [ { code => 'A', name => 'Prize A', kind => 'message',
        planned => 2, awarded => 0, left => 2 } ], 'show: its prizes';
is_deeply [ @$state{qw(raffled_at closed_at)} ], [ undef, undef ], 'show: neither yet';
refused('showing none', 1, qr/no such campaign/, qw(campaign show first none));
like works('list', qw(campaign list first)), qr/^\Q$slug\E\tbox\topen\t0\t$title$/m, 'list';
unlike works('list', qw(campaign list second)), qr/$slug/, 'list: of that tenant alone';

# ---- pause, resume ----

is works('pause', qw(campaign pause first), $slug), '', 'pause';
is row($slug, 'status'), 'paused', 'it is paused';
comes_to(409, $slug, 'no draw any more');
is state_of($slug)->{phase}, 'paused', 'show: paused';
refused('pausing twice', 1, qr/only a running/, qw(campaign pause first), $slug);
is works('resume', qw(campaign resume first), $slug), '', 'resume';
is row($slug, 'status'), 'published', 'it runs';
comes_to(201, $slug, 'draws go on');
refused('resuming twice', 1, qr/not paused/, qw(campaign resume first), $slug);
refused('pausing none', 1, qr/no such campaign/, qw(campaign pause first none));

# ---- stock, void ----

is draw($slug)->{status}, 201, 'the last unit';
my $before = ledger_size($slug);
for my $case (
    [ 'no such prize',  1, qr/no such prize/,  qw(B 1) ],
    [ 'no units',       2, qr/UNITS must be/,  qw(A 0) ],
    [ 'less than none', 2, qr/UNITS must be/,  qw(A -1) ],
    [ 'words for it',   2, qr/UNITS must be/,  qw(A many) ],
    [ 'too many',       2, qr/UNITS must be/,  qw(A 9007199254740992) ],
    [ 'a whim',         1, qr/reason must be/, qw(A 1 --reason whim) ],
    [ 'a long note',    1, qr/2000 bytes/,     qw(A 1 --note), 'x' x 2001 ],
    [ 'other bytes',    2, qr/not UTF-8/,      qw(A 1 --note), "\xff" ])
{
    my ($name, $status, $why, @words) = @$case;
    refused("stock, $name", $status, $why, qw(campaign stock first), $slug, @words);
}
is ledger_size($slug), $before, 'nothing was added';
my $said = leaf('stock', $slug, qw(campaign stock first), $slug, qw(A 3 --reason added --note),
    'a note');
is "@$said{qw(prize units reason by)}", 'A 3 added kujictl', 'stock: what was added';
is row($slug, 'p.declared, p.added, p.units_left', 'JOIN kuji.prize p ON p.campaign_id = c.id'),
    '2|3|3', 'stock: the prize has it';
comes_to(201, $slug, 'stock: draws go on');
refused('stock, more than can be', 1, qr/2\^53/, qw(campaign stock first), $slug,
    qw(A 9007199254740990));

$before = ledger_size($slug);
for my $case (
    [ 'no reason',  2, qr/--reason is needed/, 1 ],
    [ 'a whim',     1, qr/reason must be/,     qw(1 --reason whim) ],
    [ 'nobody',     1, qr/no such draw/,       qw(99 --reason error) ],
    [ 'none',       2, qr/N must be/,          qw(0 --reason error) ])
{
    my ($name, $status, $why, @words) = @$case;
    refused("void, $name", $status, $why, qw(campaign void first), $slug, @words);
    refused("substitute, $name", $status, $status == 2 || $name eq 'a whim' ? $why : qr/\S/,
        qw(campaign substitute first), $slug, @words);
}
is ledger_size($slug), $before, 'nothing was voided';
$said = leaf('void', $slug, qw(campaign void first), $slug,
    qw(1 --returned --reason declined --note), 'a note');
is "$said->{n} $said->{reason} $said->{returned}", '1 declined 1', 'void: what became of it';
is row($slug, 'v.n, v.returned, v.note', 'JOIN kuji.voided v ON v.campaign_id = c.id'),
    '1|t|a note', 'void: its row';
is row($slug, 'p.units_left, p.awarded', 'JOIN kuji.prize p ON p.campaign_id = c.id'), '3|2',
    'void: the unit is back';
refused('void, twice', 1, qr/void already/, qw(campaign void first), $slug,
    qw(1 --reason declined));
ok !leaf('void', $slug, qw(campaign void first), $slug, qw(2 --reason=error))->{returned},
    'void: or it is not';
holds($slug, qr/not revealed yet/);

# ---- close ----

$before = ledger_size($slug);
refused('close too early', 1, qr/reason/, qw(campaign close first), $slug);
refused('close for a whim', 1, qr/\S/, qw(campaign close first), $slug, qw(--reason whim));
refused('raffling a box', 1, qr/no raffle/, qw(campaign raffle first), $slug);
is ledger_size($slug) . row($slug, 'status'), "${before}published", 'it is open';
$said = leaf('close', $slug, qw(campaign close first), $slug, qw(--reason early --note), 'a note');
like $said->{seed}, qr/^[0-9a-f]{64}$/, 'close: the seed';
is row($slug, 'status, closed_at IS NULL'), 'closed|f', 'close: its row';
is state_of($slug)->{phase}, 'closed', 'show: closed';
holds($slug, qr/^leaves .*, closed\n.*^seed +revealed/ms);
refused("after the close: @$_", 1, qr/\S/, 'campaign', shift @$_, 'first', $slug, @$_)
    for ['close'], [qw(stock A 1)], [qw(void 3 --reason error)], ['pause'], ['resume'],
    ['raffle'], ['publish'];
is row($slug, 'status'), 'closed', 'closed it stays';
my $moment = make({ method => 'moment' });
refused('stock of moments', 1, qr/winning moments are fixed/, qw(campaign stock first), $moment,
    qw(A 1));

no_database('campaign', $_, 'first', $moment) for qw(publish pause resume show close);
no_database(qw(campaign list first));
no_database(qw(campaign create first), config_file({}, "x-$slug"));
no_database(qw(campaign stock first), $slug, qw(A 1));
no_database(qw(campaign void first), $slug, qw(1 --reason error));

everything_tried('campaign (?!raffle|substitute)');
done_testing;
