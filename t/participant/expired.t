#!/usr/bin/perl
# A win that nobody claimed in time: every kind of prize, a raffle's too, says so
# in a sentence, offers nothing any more, and takes nothing.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Kuji::Campaign qw(now_ms);
use Kuji::Form;
use Kuji::Test;
use Kuji::Winner;

binmode Test::More->builder->$_, ':encoding(UTF-8)' for qw(output failure_output);

my %says = (
    parcel    => [ '受け取りの期限が過ぎました。', 'The time to claim it is over.' ],
    gift_code => [ '受け取りの期限が過ぎました。', 'The time to claim it is over.' ],
    coupon    => [ '引き換えの期限が過ぎました。', 'The time to redeem it is over.' ],
    link      => [ '受け取りの期限が過ぎました。', 'The time to claim it is over.' ],
    message   => [ '受け取りの期限が過ぎました。', 'The time to claim it is over.' ],
);

# As the job leaves it (store/claim_expire.c; t/store/test_claim.c).
sub expire {
    my ($slug, $me) = @_;
    win_ago($slug, $me, 8);
    sql("UPDATE kuji.claim c SET state = 'expired', updated_at = kuji_api.now_ms() FROM kuji.campaign k
        WHERE k.id = c.campaign_id AND k.slug = '$slug' AND c.n = $me->{n} AND c.state = 'won'");
    is claim_state($slug, $me), 'expired', 'expired';
    return;
}

sub is_over {
    my ($slug, $me, $kind) = @_;
    my $path = claim_path($slug, $me);
    my $page = $me->get($path);
    is $page->{status}, 200, "$kind: the page is there";
    my ($said) = $page->{text} =~ m{<p class="claim-state claim-state-expired">([^<]*)</p>};
    ($said) = $page->{text} =~ m{($says{$kind}[0])} if !defined $said; # a coupon's page has it elsewhere
    is $said, $says{$kind}[0], "$kind: says that it is over";
    unlike $page->{text}, qr{<form[^>]*action="\Q$path\E"}, "$kind: and offers nothing";
    my $english = $me->get("$path?lang=en");
    like $english->{text}, qr/\Q$says{$kind}[1]\E/, "$kind: in English";
    $me->get("$path?lang=ja");
    my $r = claim($slug, $me, %taro);
    is $r->{status}, 409, "$kind: and takes nothing";
    is claim_state($slug, $me), 'expired', "$kind: it stays so";
    like $me->get("/k/$slug/me")->{text}, qr/winning-expired.*期限切れ/s, "$kind: my results say so";
    like $me->get("/k/$slug/me/data")->{text}, qr/期限切れ/, "$kind: my data too";
    return;
}

for my $kind (sort keys %says) {
    my %more = $kind eq 'link' ? (prizes => [ { code => 'A', name => '壁紙', kind => 'link', units => 9, weight => 1,
            url => 'https://example.jp/' } ]) : ();
    my $slug = winners_campaign(kind => $kind, claim_days => 7, %more);
    my $me   = winner($slug);
    expire($slug, $me);
    is_over($slug, $me, $kind);
}

# A raffle's.
my $slug = campaign({ title => '新米プレゼント', method => 'raffle', alternates => 1, claim_days => 7,
    closes_at => now_ms() + 4000, prizes => [ { code => 'A', name => '新米 10kg', kind => 'parcel', units => 1 } ] });
my $me = winner($slug);
sleep 1 while now_ms() <= sql("SELECT closes_at FROM kuji.campaign WHERE slug = '$slug'");
my $r = request('POST', "/api/v1/campaigns/$slug/raffle", token => 'first', json => {});
is $r->{status}, 200, 'drawn' or diag $r->{content};
like $me->get(claim_path($slug, $me))->{text}, qr/受け取りの期限/, 'won, with a deadline';
expire($slug, $me);
is_over($slug, $me, 'parcel');
like $me->get("/k/$slug/draws/$me->{n}")->{text}, qr/新米 10kg/, 'the result still says what was won';

done_testing;
