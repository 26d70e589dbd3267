#!/usr/bin/perl
# The form: one draw a key, whoever presses how often; what is refused, and how
# the page carries on.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Time::HiRes ();
use Kuji::Test;
use Kuji::Form;

# Somebody who has not been here before.
sub stranger {
    return Kuji::Form->new;
}

# A draw, its result, the same again.
my $slug = campaign({ prizes => [ { code => 'A', units => 1000, weight => 1_000_000,
            name => '<b>賞 & "品"</b>' } ] });
my $me   = Kuji::Form->new;
my %form = $me->form($slug);
like $form{key}, qr/^[\w-]{22}$/, 'a key of its own';
isnt $form{key}, { $me->form($slug) }->{key}, 'another at each view';
my $first = $me->post($slug, %form);
is $first->{status}, 303, 'drawn: 303';
like $first->{headers}{location}, qr{^/k/$slug/draws/1$}, 'to the result';
is $first->{headers}{'cache-control'}, 'no-store', 'no-store';
my $result = $me->get($first->{headers}{location});
is $result->{status}, 200, 'the result';
like $result->{text}, qr/&lt;b&gt;賞 &amp; &quot;品&quot;&lt;\/b&gt;/, 'escaped';
unlike $result->{text}, qr/<b>賞/, 'everywhere';
like $result->{text}, qr/class="outcome outcome-win reveal"/, 'revealed';
unlike $me->get($first->{headers}{location})->{text}, qr/ reveal"/, 'once';
is $me->post($slug, %form)->{headers}{location}, $first->{headers}{location},
    'the same key: the same draw';
is $me->post($slug, %form, count => 2)->{status}, 422, 'another body: 422';

# Two tabs: the second was open before the first one's press. It ends at the
# result, which the page of the refusal leads to.
sub two_tabs {
    my ($campaign, %fields) = @_;
    my $them = Kuji::Form->new;
    my @tabs = map { { $them->form($campaign), %fields } } 1 .. 2;
    my ($one, $two) = map { $them->post($campaign, %$_) } @tabs;
    my $again = $them->post($campaign, %{ $tabs[0] });
    is $again->{headers}{location}, $one->{headers}{location}, 'the first tab pressed again: its result';
    my ($way) = $two->{text} =~ m{<a class="button button-primary" href="([^"]+)">引いた結果を見る};
    is $two->{status}, 409, 'the second tab: nothing more';
    is $way, $one->{headers}{location}, 'but the way to the result';
    is $them->get($way // '/')->{status}, 200, 'which is there';
    return;
}
two_tabs(campaign({ limits => { draws_per_participant => 1 } }));
two_tabs(campaign({ limits => { draws_per_participant_day => 2 } }), count => 2);
my $by_code = campaign({ gates => ["code"] });
two_tabs($by_code, code => ctl("codes", "generate", "first", $by_code, 1));
my $full = campaign({ limits => { draws => 1 } });
my $lucky = Kuji::Form->new;
is $lucky->post($full, $lucky->form($full))->{status}, 303, 'the last draw of all';
my $nobody = Kuji::Form->new;
my $gone = $nobody->post($full, $nobody->form($full));
is $gone->{status}, 409, 'nobody else draws';
unlike $gone->{text}, qr/引いた結果を見る/, 'who has no result is led to none';

# Nobody else's business.
is stranger()->get($first->{headers}{location})->{status}, 404, 'no cookie: 404';
my $other = Kuji::Form->new;
$other->form($slug);
is $other->get($first->{headers}{location})->{status}, 404, "another's cookie: 404";
is $other->get("$first->{headers}{location}/receipt.json")->{status}, 404,
    "another's receipt: 404";
my $same_key = $other->post($slug, %form);
isnt $same_key->{headers}{location}, $first->{headers}{location},
    "a form's key counts for its participant";

# The page's form without the page's cookie: nothing is drawn that nobody could
# come back to; with the cookie that is sent then, it is.
my $late  = stranger();
my $early = $late->post($slug, %{ { $other->form($slug) } }, from => 'page');
is $early->{status}, 400, 'no cookie: not drawn';
like $early->{text}, qr/name="from" value="page"/, 'but offered again';
is $late->post($slug, %{ { $other->form($slug) } }, from => 'page')->{status},
    303, 'drawn with the cookie';

# Sixteen presses at once.
my %once = $me->form($slug);
my @where = map { $_->{headers}{location} }
    parallel(16, sub { $me->post($slug, %once) });
is scalar(grep { $_ && $_ eq $where[0] } @where), 16, 'pressed 16 times: one draw';

# Several at once.
my $many = $me->post($slug, $me->form($slug), count => 3);
my ($n) = $many->{headers}{location} =~ /(\d+)$/;
my $page = $me->get($many->{headers}{location})->{text};
like $page, qr/No\. @{[ $n + $_ ]}</, "one of three: " . ($n + $_) for 0 .. 2;

# A script is told where the result is, and the first look is still to come.
my $told = $me->post($slug, $me->form($slug), _headers => { 'Kuji-Draw' => 'script' });
is $told->{status}, 200, 'a script: 200';
like $told->{content}, qr{^\{"location":"/k/$slug/draws/\d+"\}$}, 'a script: where to';
my ($where) = $told->{content} =~ m{(/k/[^"]+)};
like $me->get($where)->{text}, qr/ reveal"/, 'a script: the first look';

# How many at once: what the campaign offers and its limits allow; the card
# shows the best of them.
my %wins = (prizes => [ map { { code => $_, units => 1000, weight => $_ eq 'A' ? 1 : 999_999 } } qw(A B) ]);
sub offered {
    my ($of) = @_;
    return join ' ', $me->get("/k/$of")->{text} =~ /name="count" value="(\d+)"/g;
}
is offered(campaign({ %wins, counts => [ 1, 5, 10 ] })), '1 5 10', 'counts: as configured';
is offered(campaign({ %wins, counts => [ 1, 5, 10 ], limits => { draws_per_participant => 5 } })),
    '1 5', 'counts: no more than one may draw';
is offered(campaign({ %wins, counts => [ 1, 5 ], limits => { wins_per_participant => 1 } })),
    '1', 'counts: one where wins are limited';
is offered(campaign({ %wins, counts => [5] })), '5', 'counts: the only one goes without asking';
my $box = campaign({ method => 'box', blanks => 8, reveal => 'card', prizes => [
            { code => 'A', grade => '一等', name => '宿', units => 1 },
            { code => 'B', grade => '二等', name => '菓子', units => 1 } ] });
my $ten = $me->get($me->post($box, $me->form($box), count => 10)->{headers}{location})->{text};
like $ten, qr/outcome-grade"><span>一等/, 'ten at once: the card shows the best';
like $ten, qr/10回のうち、当たりは2回/, 'ten at once: a summary';
like $ten, qr/data-reveal="card"/, 'the reveal that was chosen';

# What is told to others is the campaign's alone.
my ($share) = $ten =~ m{(<section class="share".*?</section>)}s;
like $share, qr{data-url="http://[^"/]+/k/$box"}, 'shared: the campaign';
unlike $share, qr{draws/|No\.|receipt}, 'shared: no number, no receipt';

# What a form must bring.
is $me->post($slug, key => '')->{status}, 400, 'no key';
is $me->post($slug, key => 'a b')->{status}, 400, 'a key with a space';
is $me->post($slug, key => 'k' x 65)->{status}, 400, 'a long key';
is $me->post($slug, key => 'c', count => $_)->{status}, 400, "count '$_'"
    for qw(0 101 x -1 1e1);
is $me->post($slug, key => 'other', _headers => { 'Sec-Fetch-Site' => 'cross-site' })
    ->{status}, 403, 'from another site';
my $asks = campaign({ privacy => { purpose => '発送', retention_days => 1 } });
my %asked = $me->form($asks);
my $not = $me->post($asks, %asked, consent => '');
is $not->{status}, 400, 'without consent';
like $not->{text}, qr/同意/, 'says so';
is $me->post($asks, %asked, consent => 'yes')->{status}, 303, 'with it, same key';

# Refusals are pages with the status of the problem, and count nothing.
sub refused {
    my ($name, $r, $status, $text) = @_;
    is $r->{status}, $status, "$name: $status";
    like $r->{headers}{'content-type'}, qr{^text/html}, "$name: a page";
    is $r->{headers}{'cache-control'}, 'no-store', "$name: no-store";
    like $r->{text}, $text, "$name: says so";
    like $r->{text}, qr/引いた回数には数えていません/, "$name: nothing was lost";
    return;
}
my $now   = int(Time::HiRes::time() * 1000);
my $later = campaign({ opens_at => $now + 3_600_000, closes_at => $now + 7_200_000 });
refused('before', $me->post($later, key => 'k'), 409, qr/まだ始まっていません/);
my $once = campaign({ limits => { draws_per_participant => 1 } });
$me->post($once, key => 'a');
refused('limit', $me->post($once, key => 'b'), 409, qr/お一人で引ける回数/);
my $empty = campaign({ method => 'box', blanks => 1, prizes => [ { code => 'A', units => 1 } ] });
$me->post($empty, key => $_) for 'a', 'b';
refused('sold out', $me->post($empty, key => 'c'), 409, qr/すべて引かれました/);
like $me->get("/k/$empty")->{text}, qr/badge-sold_out/, 'sold out: the page says it';
my $paused = campaign({});
request('POST', "/api/v1/campaigns/$paused/pause", token => 'first');
refused('paused', $me->post($paused, key => 'k'), 409, qr/お休み/);
my $over = campaign({});
my %kept = $me->form($over);
my $kept = $me->post($over, %kept);
request('POST', "/api/v1/campaigns/$over/close", token => 'first',
    json => { reason => 'early' });
refused('closed', $me->post($over, key => 'k'), 409, qr/終了しました/);
is $me->post($over, %kept)->{headers}{location}, $kept->{headers}{location},
    'closed: a key from before still has its draw';
is $me->post(campaign({ gates => ['api'] }), key => 'k')->{status}, 403, 'programs only';

# Codes: the form comes back with what was typed and the same key.
my $coded = campaign({ gates => ['code'] });
my ($code) = split /\n/, ctl('codes', 'generate', 'first', $coded, '1');
my %typed = $me->form($coded);
my $wrong = $me->post($coded, %typed, code => '<ABC>');
refused('mistyped code', $wrong, 422, qr/打ちまちがい/);
like $wrong->{text}, qr/value="&lt;ABC&gt;"/, 'mistyped code: what was typed';
like $wrong->{text}, qr/name="key" value="$typed{key}"/, 'mistyped code: the same key';
my $right = $me->post($coded, %typed, code => lc $code);
is $right->{status}, 303, 'the right code, same key';
refused('used code', $other->post($coded, key => 'k', code => $code), 409, qr/使用済み/);
is $me->get("/k/$coded?code=AB-12")->{headers}{location}, "/k/$coded", 'a code from a link';
like $me->get("/k/$coded")->{text}, qr/value="AB-12"/, 'is in the form';

done_testing;
