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

# An API caller's participants are asked by the caller.
my $before = recorded($slug);
is draw($slug)->{status}, 201, 'drawn by a program';
is scalar(recorded($slug)), $before, 'no consent of ours';

done_testing;
