#!/usr/bin/perl
# Every page on which a campaign is edited, opened and sent back as it was
# served: the campaign is byte for byte what it was, whatever it leaves out, and
# no version, look or line of the audit log was added.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Encode ();
use JSON::PP ();
use Kuji::Admin;
use Kuji::Campaign qw(now_ms);
use Kuji::Console;
use Kuji::Routes;
use Kuji::Test;

my $me  = Kuji::Admin->new(role => 'editor');
my $now = int(now_ms() / 1000) * 1000;

# ---- which pages there are ----

# What is opened and sent back, and forms that do something instead: they have
# nothing to be left as it is.
my %edits = map { $_ => 1 } qw(edit texts prizes/{name} claim-form passphrases mail/{name} theme);
my %acts  = map { $_ => 1 } qw(prizes winners claims shops pay close duplicate publish);
my (%get, %post);
for my $route (admin_routes()) {
    my ($page) = $route->{path} =~ m{^/admin/campaigns/\{slug\}/(.+)$} or next;
    ($route->{method} eq 'GET' ? \%get : \%post)->{$page} = 1;
}
is_deeply [ sort grep { $post{$_} && !$acts{$_} } keys %get ], [ sort keys %edits ], 'no edit page is missing here';

# ---- the campaigns ----

my $count = 0;
sub create {
    my (%config) = @_;
    my $r = request('POST', '/api/v1/campaigns', token => 'first', json => {
        slug => unique('untouched'), title => 'そのまま', method => 'odds', opens_at => $now - 60_000,
        closes_at => $now + 86_400_000, timezone => 'Asia/Tokyo', gates => ['open'], %config });
    is $r->{status}, 201, 'created' or diag $r->{content};
    return $r->{json}{slug} // $r->{json}{campaign};
}
my $odd = qq(\n<b>"一行目"</b> &amp; 'x' \r\n二行目\r三行目\n\n  );
my $rich = {
    title   => q(<"そのまま"> & 'x'),
    opens_at => $now - 61_234, closes_at => $now + 86_399_999, timezone => 'Asia/Kathmandu',
    gates   => [qw(email code)], email_fold => JSON::PP::true,
    limits  => { draws => undef, draws_per_day => 1000, draws_per_participant => 3,
        draws_per_participant_day => undef, wins_per_participant => 1 },
    odds_total => 9_999, sold_out => 'C', show_left => JSON::PP::false, reveal => 'slot', counts => [ 1, 7, 10 ],
    claim_days => 30, theme => 'yuki',
    claim_fields => [ 'mail', { name => 'note', required => JSON::PP::true, label => 'サイズは？', label_en => '' }, 'name' ],
    privacy => { purpose => $odd, purpose_en => ' ', retention_days => 0 },
    texts   => { ja => { lead => $odd, rules => "一\n二", consent => '' }, en => { lead => "\nTwo" } },
    mail    => { win => { ja => { subject => "当選 {{campaign}}", body => "一\r\n二 {{link}}\n" } } },
    prizes  => [
        { code => 'A', name => ' 一等 ', kind => 'parcel', units => 200, weight => 1, grade => '', name_en => 'First',
            description => $odd, releases => [ map { { at => $now + $_ * 61_001, units => 1 } } 1 .. 90 ] },
        { code => 'B', name => 'クーポン', kind => 'coupon', units => 5, weight => 0, terms => "一\r\n二",
            valid_from => $now - 1_001, valid_until => $now + 172_800_777 },
        { code => 'C', name => 'リンク', kind => 'link', units => 5, weight => 10, url => 'https://example.jp/?a=1&b=2' },
        { code => 'D', name => '言葉', kind => 'message', units => 5, weight => 10, message => $odd, message_en => "x\r\n" },
        { code => 'E', name => 'ギフト', kind => 'gift_code', units => 5, weight => 10 },
    ],
};
my @bare = (
    [ 'odds, nothing said', odds_total => 10, prizes => [ { code => 'A', name => 'a', kind => 'parcel', units => 1, weight => 1 } ] ],
    [ 'box, empty sets', method => 'box', blanks => 0, limits => {}, texts => {}, privacy => {}, claim_fields => [],
        prizes => [ { code => 'A', name => 'a', kind => 'message', units => 1 } ] ],
    [ 'moments', method => 'moment', gates => ['passphrase'],
        prizes => [ { code => 'A', name => 'a', kind => 'parcel', units => 1, from => $now + 1, until => $now + 77_777 } ] ],
    [ 'raffle, a round of its own', method => 'raffle', gates => [qw(open line)], alternates => 3,
        beacon => { chain_hash => '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971', round => 900_000_000,
            time => (1_692_803_367 + 899_999_999 * 3) * 1000 },
        prizes => [ { code => 'A', name => 'a', kind => 'parcel', units => 1 } ] ],
    [ 'raffle, bare', method => 'raffle', prizes => [ { code => 'A', name => 'a', kind => 'parcel', units => 1 } ] ],
    [ 'goods', odds_total => 10, gates => ['purchase'],
        purchase => { goods => 'お菓子', price => 1234, currency => 'TWD', draws => 2 },
        prizes => [ { code => 'A', name => 'a', kind => 'message', units => 1, weight => 1 } ] ],
);

# Everything that an edit could have touched.
sub state_of {
    my ($slug) = @_;
    return Encode::decode('UTF-8', join "\n", sql("SELECT c.version, f.config::text, coalesce(p.version, 0),
        (SELECT count(*) FROM kuji.theme t WHERE t.campaign_id = c.id),
        (SELECT count(*) FROM kuji.audit a WHERE a.object = 'campaign:' || c.uuid)
        FROM kuji.campaign c JOIN kuji.campaign_config f ON f.campaign_id = c.id
        LEFT JOIN kuji.passphrase p ON p.campaign_id = c.id WHERE c.slug = '$slug'"));
}

sub as_browser {
    my (%f) = @_;
    for my $value (values %f) {
        $value = ref $value ? $value : $value =~ s/\r\n?|\n/\r\n/gr;
    }
    return %f;
}

my @mails = qw(win remind claimed shipped code erased);
sub walk {
    my ($slug, $name, @pages) = @_;
    my $before = state_of($slug);
    for my $page (@pages) {
        my $path = "/admin/campaigns/$slug/$page";
        my $served = $me->get($path);
        is $served->{status}, 200, "$name: $page" or next;
        my %form = as_browser(fields($served->{text}, $path));
        for my $press ($page eq 'theme' || $page =~ /^mail/ ? { save => 1, do => 'save' } : {}) {
            my $r = $me->send($path, %form, %$press);
            is $r->{status}, 303, "$name: $page sent back" or diag $r->{text} =~ /(?:role="alert"|field-error)[^>]*>(.{0,200})/s;
        }
        is state_of($slug), $before, "$name: $page changed nothing";
        $before = state_of($slug); # each page is judged by itself
    }
    return;
}
sub prizes_of {
    my ($slug) = @_;
    return map { "prizes/$_" } $me->get("/admin/campaigns/$slug/prizes")->{text} =~ m{/campaigns/\Q$slug\E/prizes/(\w+)"}g;
}
sub all_of {
    my ($slug) = @_;
    my %seen;
    return 'edit', 'texts', 'claim-form', 'passphrases', 'theme', (grep { !$seen{$_}++ } prizes_of($slug)),
        map { "mail/$_" } grep { $me->get("/admin/campaigns/$slug/mail/$_")->{status} == 200 } @mails;
}

for my $case ([ 'rich', %$rich ], @bare) {
    my ($name, %config) = @$case;
    my $slug = create(%config);
    walk($slug, $name, all_of($slug));
}

# ---- with passphrases and a look of its own, and published ----

my $slug = create(%$rich, gates => ['passphrase']);
my $base = "/admin/campaigns/$slug";
is $me->send("$base/passphrases", version => 0, passphrases => "\nさくら\r\n2026-11-22 もみじ\n")->{status}, 303, 'phrases';
my %look = fields($me->get("$base/theme")->{text}, "$base/theme");
is $me->send("$base/theme", %look, base => 'mono', css => ".hero {\r\n  color: #112233;\r\n}\r\n", save => 1)->{status}, 303, 'a look';
is $me->send("$base/texts", as_browser(fields($me->get("$base/texts")->{text}, "$base/texts")), ja_lead => '変えた')->{status},
    303, 'a text';
walk($slug, 'set', all_of($slug));
ctl(qw(campaign publish first), $slug);
walk($slug, 'published', grep { $_ ne 'edit' } all_of($slug));

# What was changed, and nothing else, is what the audit log has.
my %texts = as_browser(fields($me->get("$base/texts")->{text}, "$base/texts"));
is $me->send("$base/texts", %texts, ja_win => 'おめでとう')->{status}, 303, 'one text is changed';
is_deeply(JSON::PP->new->decode(audit($slug, q(campaign.edit)))->{after},
    { texts => { ja => { win => "おめでとう" } } }, "the log names it alone");

done_testing;
