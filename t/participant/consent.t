#!/usr/bin/perl
# What participants agree to is on record: the words they read, when, where; and
# marketing only by a box of its own that nobody has ticked for them.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Encode qw(decode);
use Test::More;
use Kuji::Admin;
use Kuji::Ctl;
use Kuji::Form;
use Kuji::Test;
use Kuji::Winner;

# Rows of a campaign: kind|language|wording|page|holds.
sub recorded {
    my ($slug) = @_;
    return map { decode('UTF-8', $_) } sql("SELECT t.kind, t.language, replace(t.wording, E'\\n', '/'), t.purpose, c.page,
        c.withdrawn_at IS NULL FROM kuji.consent c
        JOIN kuji.consent_text t ON t.campaign_id = c.campaign_id AND t.digest = c.digest
        JOIN kuji.campaign k ON k.id = c.campaign_id WHERE k.slug = '$slug' ORDER BY c.at, t.kind DESC");
}

sub boxes {
    my ($me, $slug) = @_;
    my $text = $me->get("/k/$slug")->{text};
    return $text =~ /<input id="(consent|marketing)" name="\w+" type="checkbox" value="([0-9a-f]{32})"/g;
}

# Our own sentence, as it is read.
my $slug = winners_campaign();
my $me   = Kuji::Form->new;
my %box  = boxes($me, $slug);
is_deeply [ sort keys %box ], ['consent'], 'one box: nobody asked for marketing';
$me->post($slug, $me->form($slug), consent => $box{consent});
is_deeply [ recorded($slug) ],
    [ "terms|ja|応募要項と個人情報の取り扱いに同意します|x|/k/$slug|t" ], 'the words, the purpose, the page';
my ($same) = sql("SELECT c.at = (l.leaf::json ->> 't')::bigint FROM kuji.consent c
    JOIN kuji.campaign k ON k.id = c.campaign_id
    JOIN kuji.draw d ON d.campaign_id = k.id AND d.participant = c.participant
    JOIN kuji.ledger l ON l.campaign_id = k.id AND l.i = d.i WHERE k.slug = '$slug'");
is $same, 't', 'at the time of the draw';
$me->post($slug, $me->form($slug), consent => $box{consent});
is scalar(recorded($slug)), 1, 'once, however often one draws';
my $en = Kuji::Form->new(language => 'en');
%box = boxes($en, $slug);
$en->post($slug, $en->form($slug), consent => $box{consent});
like +(recorded($slug))[1], qr/^terms\|en\|I agree to the rules and to how personal data is handled\|/, 'in the words that were read';

# What was read counts, whatever language is chosen since.
my $switch = Kuji::Form->new;
%box = boxes($switch, $slug);
my %form = $switch->form($slug);
$switch->{language} = 'en';
$switch->post($slug, %form, consent => $box{consent});
like +(recorded($slug))[2], qr/^terms\|ja\|/, 'Japanese was read';

# Nothing is recorded of what was refused.
my $none = Kuji::Form->new;
my $r = $none->post($slug, $none->form($slug), consent => '');
is $r->{status}, 400, 'not ticked';
like $r->{text}, qr/同意がまだのようです/, 'said kindly';
is scalar(recorded($slug)), 3, 'and nothing recorded';

# Marketing: a box of its own, never ticked.
$slug = winners_campaign(limits => { draws_per_participant => 3 },
    texts => { ja => { consent => "一つ目。\n二つ目。", marketing_consent => 'お知らせを<b>受け取ります。' },
        en => { marketing_consent => 'Send me news.' } });
$me  = Kuji::Form->new;
%box = boxes($me, $slug);
my $text = $me->get("/k/$slug")->{text};
like $text, qr/<input id="marketing"[^>]*value="\Q$box{marketing}\E">/, 'the box';
unlike $text, qr/id="marketing"[^>]*(?:checked|required)/, 'is neither ticked nor required';
like $text, qr/お知らせを&lt;b&gt;受け取ります。/, 'its words';
$me->post($slug, $me->form($slug), consent => $box{consent});
is_deeply [ recorded($slug) ], [ "terms|ja|一つ目。/二つ目。|x|/k/$slug|t" ], 'without it: the terms alone';
$me->post($slug, $me->form($slug), consent => $box{consent}, marketing => $box{marketing});
like +(recorded($slug))[1], qr/^marketing\|ja\|お知らせを<b>受け取ります。\|/, 'with it';

# Withdrawn and given again: two rows, both kept.
$me->ask('POST', "/k/$slug/me/data", body => '', headers => { 'Sec-Fetch-Site' => 'same-origin' });
like +(recorded($slug))[1], qr/\|f$/, 'withdrawn';
$me->post($slug, $me->form($slug), consent => $box{consent}, marketing => $box{marketing});
is_deeply [ map { /\|([tf])$/ } grep { /^marketing/ } recorded($slug) ], [qw(f t)], 'given again';

# Another digest than the page's: its words are others by now.
$none = Kuji::Form->new;
$r    = $none->post($slug, $none->form($slug), consent => '0' x 32);
is $r->{status}, 400, 'words that are not those of the page';
like $r->{text}, qr/同意の文が新しくなりました/, 'are to be read first';
is sql("SELECT count(*) FROM kuji.draw d JOIN kuji.campaign k ON k.id = d.campaign_id WHERE k.slug = '$slug'"), '3',
    'and nothing is drawn';

# The winner's form: agreed to by sending, the words beside the button; marketing
# by its own box again.
my $path = claim_path($slug, $me = winner($slug));
my $r2   = Kuji::Admin::send($me, $path, %taro, step => 'confirm', version => 0);
my ($shown, $beside) = $r2->{text} =~ m{<input type="hidden" name="consent" value="([0-9a-f]{32})">\s*<p[^>]*>(.*?)</p>.*value="send">同意して送る}s;
is $beside, "一つ目。\n二つ目。", 'the words beside the button';
like $r2->{text}, qr/<p class="claim-purpose">.*? x</s, 'and the purpose';
my ($tick) = $r2->{text} =~ /(<input id="marketing"[^>]*>)/;
unlike $tick, qr/checked|required/, 'marketing is not ticked';
my ($news) = $tick =~ /value="([0-9a-f]{32})"/;
is +Kuji::Admin::send($me, $path, %taro, step => 'send')->{status}, 422, 'without it: nothing is sent';
is claim_state($slug, $me), 'won', 'nor claimed';
$r2 = Kuji::Admin::send($me, $path, %taro, step => 'send', consent => '0' x 32);
is $r2->{status}, 422, 'other words than those of today';
like $r2->{text}, qr/同意の文が新しくなりました.*value="send">同意して送る/s, 'are to be read first';
my %given = map { $_ => 1 } recorded($slug);
is claim($slug, $me, %taro, consent => $shown)->{status}, 303, 'sent';
is_deeply [ grep { !$given{$_} } recorded($slug) ], ["terms|ja|一つ目。/二つ目。|x|$path|t"],
    'recorded with its page, though it held already';
claim($slug, $me, %taro, consent => $shown);
claim($slug, $me, %taro, consent => $shown, phone => '090-0000-0001', marketing => $news);
is_deeply [ grep { !$given{$_} } recorded($slug) ],
    [ "terms|ja|一つ目。/二つ目。|x|$path|t", "marketing|ja|お知らせを<b>受け取ります。|x|$path|t" ],
    'once a page; marketing when it is ticked';
$r2 = Kuji::Admin::send($me, $path, %taro, step => 'edit', marketing => $news);
like $r2->{text}, qr/<input type="hidden" name="marketing"/, 'a tick stays while one goes back';
$r2 = Kuji::Admin::send($me, $path, %taro, step => 'confirm', version => 1, marketing => 'yes');
like $r2->{text}, qr/<input id="marketing"[^>]* checked/, 'and forth';
my $data = $me->get("/k/$slug/me/data.json")->{json}{consents};
is_deeply [ map { "$_->{kind} $_->{page}" } @$data ], [ "terms /k/$slug", "terms $path", "marketing $path" ], 'shown to whoever asks';
like $me->get("/k/$slug/me/data")->{text}, qr/class="agreed".*一つ目。.*一つ目。.*受け取ります。/s, 'on the page too';
my $csv = Kuji::Admin->new->get("/admin/campaigns/$slug/exports/winners.jsonl")->{text};
my ($line) = grep { /"n":$me->{n}\b/ } split /\n/, $csv;
like $line, qr/"marketing_at":"\d{4}/, 'and in the export' or diag $csv;
is scalar(sql("SELECT max(c.at) - min(s.at) FROM kuji.consent c JOIN kuji.campaign k ON k.id = c.campaign_id
    JOIN kuji.claim_step s ON s.campaign_id = k.id AND s.n = $me->{n} AND s.state = 'claimed'
    WHERE k.slug = '$slug' AND c.page = '$path'
      AND c.digest = decode('$shown', 'hex')")) < 1000, 1, 'at the time of the claim';

# An API caller's participants are asked by the caller.
my $before = recorded($slug);
is draw($slug)->{status}, 201, 'drawn by a program';
is scalar(recorded($slug)), $before, 'no consent of ours';

done_testing;
