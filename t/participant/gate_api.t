#!/usr/bin/perl
# The gate `api`: a link that a program asked for. It may be opened by anybody
# who has it; it is drawn by once, by one browser.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Time::HiRes ();
use Kuji::Form;
use Kuji::Test;

my $slug = campaign({ gates => ['api'] });
my $now  = int(Time::HiRes::time() * 1000);

sub link_for {
    my ($campaign, %body) = @_;
    return request('POST', "/api/v1/campaigns/$campaign/links", token => 'first', json => \%body);
}
# The path of a new link.
sub path_for {
    my ($url) = link_for(@_)->{json}{url};
    return $url =~ s{^https?://[^/]+}{}r;
}

# Asking for one.
my $made = link_for($slug, participant => 'お客様 42', data => { order => 4711, store => '渋谷' });
is $made->{status}, 201, 'made';
like $made->{json}{url}, qr{^https?://[^/]+/k/$slug\?token=[\w-]{22}$}, 'an address';
is $made->{json}{draws}, 1, 'one draw';
is $made->{json}{participant}, 'お客様 42', 'for whom';
is link_for($slug, participant => $_->[0], %{ $_->[1] })->{status}, $_->[2], $_->[3] for
    [ '', {}, 400, 'nobody' ],
    [ 'x' x 129, {}, 400, 'a long participant' ],
    [ 'x', { draws => 0 }, 400, 'no draw' ],
    [ 'x', { draws => 101 }, 400, 'too many draws' ],
    [ 'x', { expires_at => $now - 1 }, 400, 'expired already' ],
    [ 'x', { data => { d => 'y' x 1020 } }, 400, 'too much data' ],
    [ 'x', { data => { d => 'y' x 1000 } }, 201, 'data of one KiB' ],
    [ 'x', { data => [] }, 400, 'data that is no object' ],
    [ 'x', { more => 1 }, 400, 'an unknown field' ];
is link_for(campaign({}), participant => 'x')->{status}, 409, 'a campaign without the gate';
is link_for(campaign({ gates => ['api'] }, draft => 1), participant => 'x')->{status}, 409, 'a draft';
is request('POST', "/api/v1/campaigns/$slug/links", json => { participant => 'x' })->{status}, 401,
    'without a token of the API';

# Without one.
my $me = Kuji::Form->new;
like $me->get("/k/$slug")->{text}, qr/専用リンクからご参加ください/, 'the page says how';
my $none = $me->post($slug, key => 'k');
is $none->{status}, 403, 'no link, no draw';
like $none->{text}, qr/専用リンクが必要です/, 'says so';
is $me->get("/k/$slug?token=" . 'A' x 22)->{status}, 403, 'a made-up one';
is $me->get("/k/$slug?token=x")->{status}, 403, 'nonsense';

# Opening it, twice; then the draw, and the same press again.
my ($path) = $made->{json}{url} =~ m{^https?://[^/]+(/.*)};
for (1, 2) {
    my $open = $me->get($path);
    is $open->{status}, 303, 'opened';
    is $open->{headers}{location}, "/k/$slug", 'out of the address bar';
}
my $page = $me->get("/k/$slug")->{text};
like $page, qr/専用リンクを確認しました/, 'confirmed';
my %form  = $me->form($slug);
my $drawn = $me->post($slug, %form);
is $drawn->{status}, 303, 'drawn';
is $me->post($slug, %form)->{headers}{location}, $drawn->{headers}{location}, 'the same press: the same draw';
is $me->get($drawn->{headers}{location})->{status}, 200, 'the result';
like $me->get("/k/$slug/me")->{text}, qr/No\. 1\b/, 'among my results';
is $me->get("$drawn->{headers}{location}/receipt.json")->{json}{participant}, 'お客様 42',
    'the receipt names the participant';
my $spent = $me->post($slug, key => 'again');
is $spent->{status}, 409, 'another draw: used';
like $spent->{text}, qr/使用済み/, 'says so';
like $me->get("/k/$slug")->{text}, qr/引き終わりました/, 'the page too';

# Somebody who got the link passed on sees nothing of it.
my $other = Kuji::Form->new;
is $other->get($path)->{status}, 303, 'passed on: opens';
is $other->get($drawn->{headers}{location})->{status}, 404, 'but shows no result';
unlike $other->get("/k/$slug/me")->{text}, qr/No\. 1\b/, 'nor a list';
is $other->post($slug, key => 'x')->{status}, 409, 'and draws nothing';

# A stolen cookie: in another campaign, in another browser.
my $second = campaign({ gates => ['api'] });
my %stolen = %{ $me->{jar} };
$stolen{'kuji-link'} = { %{ $stolen{'kuji-link'} }, path => '/' };
my $thief = Kuji::Form->new(jar => {%stolen});
is $thief->post($second, key => 's')->{status}, 403, 'a pass of another campaign: 403';
my $without = Kuji::Form->new;
$without->form(campaign({}));
$without->{jar}{'kuji-link'} = $stolen{'kuji-link'};
is $without->post($slug, key => 's')->{status}, 403, 'of another browser: 403';
is $without->get($drawn->{headers}{location})->{status}, 404, 'and no result';

# Limits hold over links and programs alike.
my $limited = campaign({ gates => ['api'], limits => { draws_per_participant => 2 } });
is draw($limited, participant => 'same')->{status}, 201, 'a program draws';
my $same = Kuji::Form->new;
$same->get(path_for($limited, participant => 'same', draws => 5));
is join(' ', map { $same->post($limited, key => "l$_")->{status} } 1, 2), '303 409', 'one is left for the link';
like $same->get("/k/$limited/me")->{text}, qr/No\. 1\b.*|No\. 2\b/s, 'whoever drew by it sees both';

# Several draws; expiry.
my $many = Kuji::Form->new;
$many->get(path_for($slug, participant => 'many', draws => 3));
is join(' ', map { $many->post($slug, key => "m$_")->{status} } 1 .. 4), '303 303 303 409', 'worth three';
my $late = Kuji::Form->new;
$late->get(path_for($slug, participant => 'late', expires_at => int(Time::HiRes::time() * 1000) + 1500));
sleep 2;
like $late->get("/k/$slug")->{text}, qr/期限が切れています/, 'expired: the page says so';
my $expired = $late->post($slug, key => 'e');
is $expired->{status}, 409, 'and draws nothing';
like $expired->{text}, qr/期限が切れています/, 'kindly';

# 200 at once: the same browser with 200 keys, then 200 browsers.
my $race = Kuji::Form->new;
$race->get(path_for($slug, participant => 'race'));
my %seen;
$seen{ $_->{status} }++ for parallel(200, sub { $race->post($slug, key => unique('r')) });
sub once { my $busy = $seen{503} // 0; return "$seen{303} " . ($seen{409} + $busy) }
is once(), '1 199', 'one link, 200 presses: one draw' or diag explain \%seen;
my $shared = path_for($slug, participant => 'shared');
%seen = ();
$seen{ $_->{status} }++ for parallel(200, sub {
    my $one = Kuji::Form->new;
    $one->get($shared);
    return $one->post($slug, key => unique('r'));
});
is once(), '1 199', 'one link, 200 browsers: one draw' or diag explain \%seen;
is sql("SELECT count(*) FROM kuji.link_draw d JOIN kuji.campaign c ON c.id = d.campaign_id WHERE c.slug = '$slug'"),
    6, 'each draw knows its link';

# With a code as well: both.
my $both = campaign({ gates => [ 'code', 'api' ] });
my ($code) = split /\n/, ctl('codes', 'generate', 'first', $both, '1');
my $two = Kuji::Form->new;
is $two->post($both, key => 'a', code => $code)->{status}, 403, 'a code alone is not enough';
$two->get(path_for($both, participant => 'two') . "&code=$code");
like $two->get("/k/$both")->{text}, qr/value="$code"/, 'a link may bring the code';
is $two->post($both, key => 'b', code => '')->{status}, 422, 'the link alone is not enough';
is $two->post($both, key => 'b', code => $code)->{status}, 303, 'both: drawn';

# The ledger replays; no token, no data anywhere it should not be.
is request('POST', "/api/v1/campaigns/$slug/close", token => 'first', json => { reason => 'early' })->{status},
    200, 'closed';
my $output = qx(kuji-verify @{[ site_url('first') ]}/k/$slug 2>&1);
is $?, 0, 'kuji-verify' or diag $output;
my ($token) = $path =~ /token=(.*)/;
my $logs = join '', map { slurp_file($_) } glob "$ENV{KUJI_SRC}/t/logs/*_log";
unlike $logs, qr/\Q$token\E/, 'no token in a log';
unlike sql("SELECT string_agg(l::text, ' ') FROM kuji.link AS l"), qr/4711|\Q$token\E/, 'nor in the database';

done_testing;
