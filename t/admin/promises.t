#!/usr/bin/perl
# What is promised of campaigns and happens only later, through the console and
# with draws of people: units that are released at their time, a raffle with the
# round of the beacon that was named before, alternates for what nobody claims.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Time::HiRes qw(sleep);
use Kuji::Admin;
use Kuji::Campaign qw(now_ms);
use Kuji::Console;
use Kuji::Test;
use Kuji::Winner;

my $me = Kuji::Admin->new;

sub verifies {
    my ($slug) = @_;
    ctl('campaign', 'close', 'first', $slug, now_ms() < sql("SELECT closes_at FROM kuji.campaign WHERE slug = '$slug'")
        ? ('--reason', 'early') : ());
    open my $pipe, '-|', 'sh', '-c', 'kuji-verify "$1" 2>&1', 'sh', site_url() . "/k/$slug" or die $!;
    my $said = do { local $/; <$pipe> };
    close $pipe;
    return is($?, 0, "kuji-verify agrees with $slug") || diag $said;
}

# ---- units that are released at their time ----

my $title = '小出し';
my $slug  = campaign({ title => $title, odds_total => 1, prizes => [ { code => 'A', name => '米', kind => 'message', units => 3,
    weight => 1 } ], closes_at => now_ms() + 3_600_000 }, draft => 1);
my $base = "/admin/campaigns/$slug";
my %prize = fields($me->get("$base/prizes/A")->{text}, "$base/prizes/A");
# A form knows minutes; the API the rest.
is $me->send("$base/prizes/A", %prize, release_at_0 => '2020-01-01T00:00', release_units_0 => 1, release_at_1 => '2030-01-01T00:00',
    release_units_1 => 2)->{status}, 303, 'a schedule';
my $soon = now_ms() + 8_000;
my $r = request('PATCH', "/api/v1/campaigns/$slug", token => 'first', headers => { 'If-Match' => '"' . version_of($slug) . '"' },
    json => { prizes => [ { code => 'A', name => '米', kind => 'message', units => 3, weight => 1,
        releases => [ { at => 1_577_804_400_000, units => 1 }, { at => $soon, units => 2 } ] } ] });
is $r->{status}, 200, 'its second part is soon' or diag $r->{content};
ctl(qw(campaign publish first), $slug);
is draw($slug)->{json}{draws}[0]{outcome}, 'prize', 'what was released is won';
SKIP: {
    my @early = map { draw($slug)->{json}{draws}[0] } 1 .. 3;
    skip 'this machine is too slow', 1 if grep { $_->{t} >= $soon } @early;
    is join(' ', map { $_->{outcome} } @early), 'blank blank blank', 'what is not is not';
}
sleep 0.1 while now_ms() <= $soon + 200;
is join(' ', map { draw($slug)->{json}{draws}[0]{outcome} } 1 .. 3), 'prize prize blank', 'at its time the rest is, and no more';
verifies($slug);

# ---- a raffle with the round that was promised ----

my $end = now_ms() + 6_000;
$slug = campaign({ title => 'ビーコン', method => 'raffle', closes_at => $end, prizes => [ { code => 'A', units => 1 } ],
    beacon => { chain_hash => '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971', round => 9, time => $end } });
$base = "/admin/campaigns/$slug/raffle";
is draw($slug)->{status}, 201, 'an entry' for 1 .. 3;
like $me->get($base)->{text}, qr/第 9 回を使います/, 'the round is named before';
sleep 0.1 while now_ms() <= $end + 300;
my %run = fields($me->get($base)->{text}, "$base/run");
is_deeply [ sort keys %run ], [qw(confirm randomness signature)], 'what it said is asked for';
%run = (confirm => 'ビーコン', randomness => 'ab' x 32, signature => '00ff');
is $me->send("$base/run", %run, randomness => $_)->{status}, 422, "not with '$_'" for '', 'ab' x 31, 'xy' x 32;
is $me->send("$base/run", %run, signature => $_)->{status}, 422, "nor signed '$_'" for '', 'xyz';
is sql("SELECT raffled_at IS NULL FROM kuji.campaign WHERE slug = '$slug'"), 't', 'it was not run';
is $me->send("$base/run", %run)->{status}, 303, 'run';
is $me->send("$base/run", %run, randomness => 'cd' x 32)->{status}, 409, 'and not again with a better one';
my $leaves = request('GET', "/k/$slug/ledger.jsonl")->{content};
like $leaves, qr/"beacon":\{"randomness":"(?:ab){32}","round":9,"signature":"00ff"\}/, 'the ledger says so';
verifies($slug);

# ---- alternates for what nobody claims ----

$end  = now_ms() + 6_000;
$slug = campaign({ title => '補欠', method => 'raffle', alternates => 2, claim_days => 1, closes_at => $end,
    prizes => [ { code => 'A', name => '米', kind => 'parcel', units => 1 } ] });
$base = "/admin/campaigns/$slug";
draw($slug) for 1 .. 4;
sleep 0.1 while now_ms() <= $end + 300;
ctl(qw(campaign raffle first), $slug);
my ($n) = sql("SELECT l.n FROM kuji.claim l JOIN kuji.campaign c ON c.id = l.campaign_id WHERE c.slug = '$slug'");
unlike $me->get("$base/claims")->{text}, qr/次の補欠は/, 'who won has time';
# as the job does it once its time is over (t/store/test_claim.c)
sql("UPDATE kuji.claim l SET state = 'expired', updated_at = l.updated_at + 1 FROM kuji.campaign c
    WHERE c.id = l.campaign_id AND c.slug = '$slug' AND l.n = $n");
my ($next) = $me->get("$base/claims")->{text} =~ /次の補欠は No\. (\d+) の方です/;
ok $next, 'the next alternate is named';
$r = $me->send("$base/draws/$n/substitute", reason => 'expired', confirm => $n);
is $r->{status}, 303, 'takes the place';
like $me->follow($r)->{text}, qr/繰り上げ当選にしました/, 'said';
is_deeply [ sql("SELECT l.n || ' ' || l.state FROM kuji.claim l JOIN kuji.campaign c ON c.id = l.campaign_id
    WHERE c.slug = '$slug' ORDER BY l.n = $n DESC") ], [ "$n void", "$next won" ], 'one unit, one winner';
verifies($slug);

done_testing;
