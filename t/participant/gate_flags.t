#!/usr/bin/perl
# Draws that an admin should look at: flagged, never refused; shown, filtered,
# exported, and voided by hand.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Encode ();
use Test::More;
use Kuji::Admin;
use Kuji::Form;
use Kuji::Mail;
use Kuji::Test;

my $admin = Kuji::Admin->new;

sub flags {
    my ($slug) = @_;
    return sql("SELECT f.reasons, count(*) FROM kuji.flag f JOIN kuji.campaign c ON c.id = f.campaign_id
                 WHERE c.slug = '$slug' GROUP BY 1 ORDER BY 1");
}
# Flags are written every few seconds, by each process: until nothing more comes.
sub settle {
    my ($slug) = @_;
    my $before = '';
    for (1 .. 10) {
        sleep 6;
        my $now = join ' ', flags($slug);
        return $now if $now ne '' && $now eq $before;
        $before = $now;
    }
    return $before;
}
sub from { return (_headers => { 'X-Forwarded-For' => $_[0] }) }

# Ninety people of one network within moments; ten of others.
my $slug = campaign({});
my %seen;
for my $i (1 .. 90) {
    $seen{ Kuji::Form->new->post($slug, key => "a$i", from("198.51.100.$i"))->{status} }++;
}
$seen{ Kuji::Form->new->post($slug, key => "b$_", from("203.0.$_.1"))->{status} }++ for 1 .. 10;
is_deeply \%seen, { 303 => 100 }, 'nobody is refused';
my $crowd = settle($slug);
# 40, fewer by one each twelve seconds that the requests take.
like $crowd, qr/^1\|(?:[12]\d|3\d|4[01])$/, 'those beyond fifty are flagged' or diag $crowd;
my $list = $admin->get("/admin/campaigns/$slug/winners?which=flagged")->{text};
like $list, qr/短い間に、同じネットワークから/, 'the list says why';
my ($n) = $list =~ m{/draws/(\d+)"};
like $admin->get("/admin/campaigns/$slug/draws/$n")->{text}, qr/確認をおすすめする理由/, 'so does the draw';
unlike $admin->get("/admin/campaigns/$slug/draws/1")->{text}, qr/確認をおすすめする理由/, 'another is not flagged';
my $csv = $admin->get("/admin/campaigns/$slug/exports/draws.csv?encoding=utf-8")->{content};
like Encode::decode('UTF-8', $csv), qr/^[^\n]*,確認をおすすめする理由\r?\n/, 'exports have the column';
is scalar(() = $csv =~ /crowd/g), (split /\|/, $crowd)[1], 'and the reasons';

# One browser as several people.
my $api  = campaign({ gates => ['api'] });
my $one  = Kuji::Form->new;
for my $who (qw(first second)) {
    my $url = request('POST', "/api/v1/campaigns/$api/links", token => 'first',
        json => { participant => $who, data => { seat => "seat-$who" } })->{json}{url};
    $one->get($url =~ s{^https?://[^/]+}{}r);
    is $one->post($api, key => "d$who")->{status}, 303, "as $who";
}
my $device = settle($api);
is $device, '2|1', 'the second is flagged';
my $draw = $admin->get("/admin/campaigns/$api/draws/2")->{text};
like $draw, qr/ひとつのブラウザーで/, 'the reason';
like $draw, qr/seat-second/, 'what the link carried';

# An address that is thrown away, and one that is not.
my $email = campaign({ gates => ['email'] });
for my $domain (qw(mailinator.com example.com)) {
    my $who = Kuji::Form->new;
    my $to  = unique('p') . "\@$domain";
    my ($c) = Kuji::Admin::send($who, "/k/$email/mail", address => $to)->{headers}{location} =~ /c=([0-9a-f-]+)/;
    my ($mail) = mails($to, 1);
    my ($code) = code_of($mail);
    Kuji::Admin::send($who, "/k/$email/mail/code", challenge => $c, code => $code);
    is $who->post($email, key => "m$domain")->{status}, 303, "$domain: drawn";
}
is settle($email), '4|1', 'the disposable address is flagged';
like $admin->get("/admin/campaigns/$email/draws/1")->{text}, qr/使い捨てのメールアドレス/, 'the reason';

done_testing;
