#!/usr/bin/perl
# Two admins who edit at once, on every page on which something is edited: who
# comes second is told, sees what they typed, and overwrites nothing; not even
# by pressing the button again.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Encode ();
use Kuji::Admin;
use Kuji::Console;
use Kuji::Test;

my @admins = (Kuji::Admin->new(role => 'editor'), Kuji::Admin->new(role => 'owner'));

my $slug = campaign({ gates => ['passphrase'], odds_total => 10,
    prizes => [ { code => 'A', name => '一等', kind => 'parcel', units => 5, weight => 1 } ] }, draft => 1);
my $base = "/admin/campaigns/$slug";

# What the page edits, whichever table it is in.
sub state_of {
    return Encode::decode('UTF-8', join "\n", sql("SELECT c.version, f.config::text, p.version, encode(p.sealed, 'hex'),
        (SELECT count(*) FROM kuji.theme t WHERE t.campaign_id = c.id)
        FROM kuji.campaign c JOIN kuji.campaign_config f ON f.campaign_id = c.id
        LEFT JOIN kuji.passphrase p ON p.campaign_id = c.id WHERE c.slug = '$slug'"));
}

# Page, what the first changes, what the second does, by which button.
my @cases = (
    [ edit => { title => '先のひと' }, { title => '後のひと' } ],
    [ texts => { ja_lead => '先のひと' }, { ja_rules => '後のひと' } ],
    [ 'prizes/A' => { name => '先のひと' }, { units => 7, description => '後のひと' } ],
    [ 'claim-form' => { use_phone => 'optional' }, { use_note => 'required', label => '後のひと' } ],
    [ passphrases => { passphrases => 'さき' }, { passphrases => '後のひと' } ],
    [ 'mail/win' => { ja_subject => '先のひと', do => 'save' }, { ja_body => '後のひと', do => 'save' } ],
    [ theme => { css => '.hero { color: #112233 }', save => 1 }, { css => '/* 後のひと */', save => 1 } ],
);

sub both {
    my ($name, $page, $first, $second) = @_;
    my $path  = "$base/$page";
    my @forms = map { { fields($_->get($path)->{text}, $path) } } @admins;
    is $admins[0]->send($path, %{ $forms[0] }, %$first)->{status}, 303, "$name: the first saves";
    my $state = state_of();
    my $r = $admins[1]->send($path, %{ $forms[1] }, %$second);
    is $r->{status}, 409, "$name: the second is refused";
    like $r->{text}, qr/role="alert"/, "$name: told so";
    like $r->{text}, qr/後のひと/, "$name: what they typed is still there";
    my %again = fields($r->{text}, $path);
    is $admins[1]->send($path, %again, %$second)->{status}, 409, "$name: pressing again does not do it";
    is state_of(), $state, "$name: nothing is overwritten";
    return;
}

both("draft: $_->[0]", @$_) for @cases;
ctl(qw(campaign publish first), $slug);
for my $case (grep { $_->[0] ne 'edit' } @cases) {
    my ($page, $first, $second) = @$case;
    # another change than before, or there is nothing to save
    my %other = map { $_ => $first->{$_} =~ s/先のひと/さらに先/r } keys %$first;
    %other = (description => 'さらに先') if $page eq 'prizes/A';
    $second = { description => '後のひと' } if $page eq 'prizes/A';
    %other = (use_phone => 'required') if $page eq 'claim-form';
    %other = (passphrases => 'さらに') if $page eq 'passphrases';
    $other{css} = '.hero { color: #332211 }' if $page eq 'theme';
    both("published: $page", $page, \%other, $second);
}

# A page that was opened before another page of the campaign was saved.
my %prize = fields($admins[1]->get("$base/prizes/A")->{text}, "$base/prizes/A");
my %texts = fields($admins[0]->get("$base/texts")->{text}, "$base/texts");
is $admins[0]->send("$base/texts", %texts, ja_lose => 'また')->{status}, 303, 'the texts are saved';
is $admins[1]->send("$base/prizes/A", %prize, description => 'x')->{status}, 409, 'a prize from before them is not';

done_testing;
