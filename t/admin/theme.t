#!/usr/bin/perl
# A campaign's looks: colours that can be read, CSS that stays where it may be,
# a preview before it is saved, every version to go back to.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More;
use Kuji::Admin;
use Kuji::Form;
use Kuji::Test;
use Time::HiRes qw(sleep);

my $dir  = "$ENV{KUJI_SRC}/t/unit/images";
my $me   = Kuji::Admin->new(role => 'editor');
my $slug = campaign({ theme => 'wakaba' });
my $path = "/admin/campaigns/$slug/theme";
my %plain = (base => 'mono', expected => 0, css => '', logo => '', visual => '');

sub image {
    my ($file) = @_;
    my $r = $me->ask('POST', '/admin/images', body => slurp_file("$dir/$file"),
        headers => { Accept => 'application/json', 'Sec-Fetch-Site' => 'same-origin' });
    return $r->{json}{name};
}
sub save { return $me->send($path, %plain, save => 1, @_) }
sub seen { return Kuji::Form->new->get("/k/$slug$_[0]") }

# A page as it is once every child of httpd has heard of the change: 2 s.
sub settles {
    my ($page, $pattern, $name) = @_;
    for (1 .. 60) {
        last if seen($page)->{text} =~ $pattern;
        sleep 0.05;
    }
    sleep 2;
    return like seen($page)->{text}, $pattern, $name;
}

# Nothing yet: CONFIG's theme, no stylesheet of its own.
my $page = $me->get($path);
is $page->{status}, 200, 'the page';
like $page->{text}, qr/保存した版はまだありません/, 'says that there is no version';
like $page->{headers}{'content-security-policy'}, qr/frame-src 'self'; frame-ancestors 'none'/, 'may frame ours, by nobody';
like seen('')->{text}, qr/class="theme-wakaba"/, 'the campaign has its own theme';
unlike seen('')->{text}, qr/theme\.css/, 'and no other sheet';
is request('GET', "/k/$slug/theme.css")->{status}, 404, 'which is not there';

# The first version.
my ($logo, $visual) = (image('rgb.png'), image('turned.jpg'));
my $css = ".prize { background: url(/i/$logo) }\n\@keyframes settle { to { opacity: 0 } }\n.prize-name { animation: settle 1s }";
my $r = save('day-primary' => '#1F1F1F', 'night-ground' => '#000', logo => $logo,
    visual => $visual, css => $css =~ s/\n/\r\n/gr);
is $r->{status}, 303, 'saved';
like $me->follow($r)->{text}, qr/デザインを保存しました。/, 'says so';
settles('', qr/class="theme-mono"/, 'the base');
my $campaign = seen('');
like $campaign->{text}, qr{href="/k/$slug/theme\.css\?v=1"}, 'the sheet';
like $campaign->{text}, qr{class="front-logo" src="/i/$logo"[^>]* width="12" height="8"}, 'the logo';
like $campaign->{text}, qr{class="hero-visual" src="/i/$visual"[^>]* width="8" height="12"}, 'the key visual, as it is turned';
like seen('/rules')->{text}, qr{theme\.css\?v=1}, 'the rules have the colours too';
unlike $campaign->{text}, qr/ style=|<style/, 'nothing inline';
my $sheet = request('GET', "/k/$slug/theme.css?v=1");
is $sheet->{headers}{'content-type'}, 'text/css; charset=utf-8', 'a stylesheet';
is $sheet->{headers}{'cache-control'}, 'public, max-age=31536000, immutable', 'which never changes';
is request('GET', "/k/$slug/theme.css?v=1", headers => { 'If-None-Match' => $sheet->{headers}{etag} })->{status},
    304, 'not modified';
is $sheet->{content}, join("\n", '@layer reset,tokens,base,components,pages,organiser;', '@layer organiser{',
    '@media (prefers-color-scheme:light){:root{--primary:#1f1f1f;}}',
    '@media (prefers-color-scheme:dark){:root{--ground:#000000;}}',
    ".organiser .prize{background:url(\"../../i/$logo\");}", '@keyframes organiser-settle{', 'to{opacity:0;}', '}',
    '.organiser .prize-name{animation:organiser-settle 1s;}', '}', ''), 'scoped, in the last layer';
my $form = $me->get($path)->{text};
like $form, qr/name="day-primary" value="#1f1f1f"/, 'the form has the colour';
like $form, qr/name="expected" value="1"/, 'and the version';
like $form, qr/value="\Q$logo\E" checked/, 'and the logo';
unlike sql("SELECT doc ->> 'css' FROM kuji.theme t JOIN kuji.campaign c ON c.id = t.campaign_id WHERE c.slug = '$slug'"),
    qr/\r/, 'lines end as here';

# Refused: hard to read, not a colour, not CSS that may be. What was typed stays.
my %bad = (
    'hard to read' => [ { 'day-ink' => '#eee' }, qr/読みにくい組み合わせがあります/, qr/ページの背景の上の文字 1\.\d\d（4\.5 以上/ ],
    'no colour' => [ { 'day-ink' => 'red;}' }, qr/aria-invalid="true"/, qr/value="red;\}"/ ],
    'an unknown base' => [ { base => 'neon' }, qr/まだ保存していません/, qr/role="alert"/ ],
    'an image that is not there' => [ { logo => ('0' x 64) . '.png' }, qr/まだ保存していません/, qr/role="alert"/ ],
    'a logo that is an address' => [ { logo => '//evil.example/x.png' }, qr/まだ保存していません/, qr/role="alert"/ ],
    'an image in CSS that is not there' => [ { css => 'a{background:url(/i/' . ('0' x 64) . '.png)}' },
        qr/まだ保存していません/, qr/role="alert"/ ],
);
for my $what (sort keys %bad) {
    my ($fields, @says) = @{ $bad{$what} };
    my $r = save(expected => 1, %$fields);
    is $r->{status}, 422, "$what: 422";
    like $r->{text}, $_, 'says so' for @says;
}
my %attack = (
    '@import "//evil.example/x.css";' => 'at-rule',
    'a{background:u\72l(https://evil.example/)}' => 'url',
    'a{background:url(//evil.example/i/' . $logo . ')}' => 'url',
    'a{background:image-set("https://evil.example/" 1x)}' => 'value',
    '@font-face{font-family:x;src:url(//evil.example/f)}' => 'at-rule',
    'body{display:none}' => 'outside',
    '.foot, :root{display:none}' => 'outside',
    'input[name=key][value^=a]{top:0}' => 'selector',
    '& + .foot{display:none}' => 'nesting',
    '~ .foot{display:none}' => 'selector',
    'p{position:fixed;inset:0}' => 'value',
    'p{width:expression(alert(1))}' => 'value',
    'p{behavior:url(x.htc)}' => 'property',
    '}</style><script>alert(1)</script>' => 'syntax',
    '@keyframes x{to{top:0}' => 'syntax',
    "p{top:0}\n\n<!-- </textarea><img src=x onerror=alert(1)> -->" => 'syntax',
);
for my $css (sort keys %attack) {
    my $r = save(expected => 1, css => $css);
    is $r->{status}, 422, "$css: 422";
    like $r->{text}, qr/<li data-code="$attack{$css}"><span class="fault-line">\d+ 行目：/, 'told by line';
    unlike $r->{text}, qr/<script>alert|<img src=x/, 'escaped';
}
is save(expected => 1, css => ' ' x 65_537)->{status}, 422, 'over 64 KiB';
is save(expected => 1, css => 'x' x 3_000_000)->{status}, 413, 'far over';
is sql("SELECT count(*) FROM kuji.theme t JOIN kuji.campaign c ON c.id = t.campaign_id WHERE c.slug = '$slug'"), 1,
    'nothing was saved';
is request('GET', "/k/$slug/theme.css")->{content}, $sheet->{content}, 'nothing has changed';

# A preview is the admin's alone, and shows what remains of faulty CSS.
$r = $me->send($path, %plain, expected => 1, preview => 1, base => 'yuki', 'day-ink' => '#eee',
    css => 'p{top:7px} body{top:0}');
is $r->{status}, 200, 'a preview';
my ($frame) = $r->{text} =~ /<iframe src="([^"]+)"/;
is $frame, "$path/preview?tried=1", 'in a frame';
like $r->{text}, qr/まだ保存していません。参加者/, 'says that it is one';
my $shown = $me->get($frame);
is $shown->{status}, 200, 'the frame';
like $shown->{headers}{'content-security-policy'}, qr/frame-ancestors 'self'$/, 'may be framed by ours';
is $shown->{headers}{'cache-control'}, 'no-store', 'is not kept';
is $shown->{headers}{'set-cookie'}, undef, 'makes nobody a participant';
like $shown->{text}, qr/class="theme-yuki"/, 'its base';
my ($link) = $shown->{text} =~ m{href="(/admin[^"]*preview\.css[^"]*)"};
my $tried = $me->get($link);
like $tried->{text}, qr/\.organiser p\{top:7px;\}/, 'its CSS';
unlike $tried->{text}, qr/body/, 'what may be of it';
like seen('')->{text}, qr/class="theme-mono"/, 'participants see no change';
like seen('')->{headers}{'content-security-policy'}, qr/frame-ancestors 'none'/, 'on a page that nobody frames';
is(Kuji::Admin->new(role => 'editor')->get($frame)->{status}, 404, 'another admin has not tried');
is(Kuji::Admin->nobody->get($frame)->{status}, 303, 'nobody sees it');
is request('GET', $link)->{status}, 401, 'nor its sheet';
like $me->get("$path/preview")->{text}, qr/class="theme-mono"/, 'without a try, what is shown';

# Two admins at once; versions; going back.
is save(expected => 0)->{status}, 409, 'who began before the first save';
like save(expected => 0)->{text}, qr/ほかの方が先に/, 'is told';
is save(expected => 1, base => 'yuki')->{status}, 303, 'a second version';
is $me->send("$path/show", expected => 1, version => 1)->{status}, 409, 'going back, too late';
is $me->send("$path/show", expected => 2, version => 9)->{status}, 404, 'to nothing';
is $me->send("$path/show", expected => 2, version => '1;x')->{status}, 400, 'to no number';
$r = $me->send("$path/show", expected => 2, version => 1);
is $r->{status}, 303, 'going back';
my $back = $me->follow($r)->{text};
like $back, qr/選んだ版に戻しました/, 'says so';
like $back, qr/\Q$me->{login}\E/, 'and who saved what';
settles('', qr/theme\.css\?v=1/, 'the first version again');
is $me->send("$path/show", expected => 1, version => 0)->{status}, 303, 'to the very first';
settles('', qr/class="theme-wakaba"/, 'the theme of CONFIG');
is request('GET', "/k/$slug/theme.css")->{status}, 404, 'no sheet';
is sql("SELECT string_agg(action || (detail ->> 'before') || (detail ->> 'after'), ' ' ORDER BY seq) FROM kuji.audit
    WHERE actor = '$me->{id}' AND action LIKE 'theme.%'"),
    'theme.save01 theme.save12 theme.show21 theme.show10', 'all of it in the log';

# Drafts have looks before they are public.
my $draft = campaign({}, draft => 1);
is $me->send("/admin/campaigns/$draft/theme", %plain, save => 1, css => 'p{top:0}')->{status}, 303, 'a draft';
like $me->get("/admin/campaigns/$draft/theme/preview")->{text}, qr/class="theme-mono".*button-draw/s, 'is previewed';
is request('GET', "/k/$draft/theme.css?v=1")->{status}, 404, 'and is nobody else\'s';

# Who.
for my $role (qw(staff viewer)) {
    my $who = Kuji::Admin->new(role => $role);
    is $who->get($path)->{status}, 403, "$role may not look";
    is $who->get("$path/preview")->{status}, 403, 'nor see the preview';
    is $who->send($path, %plain, save => 1)->{status}, 403, 'nor save';
    is $who->send("$path/show", expected => 0, version => 1)->{status}, 403, 'nor go back';
}
my $nobody = Kuji::Admin->nobody;
is $nobody->send($path, %plain, save => 1)->{status}, 401, 'nobody may not save';
is $me->send($path, %plain, save => 1, _headers => { 'Sec-Fetch-Site' => 'cross-site' })->{status}, 403,
    'not from another site';
my $there = Kuji::Admin->new(role => 'owner', site => 'second', prefix => '/kuji');
is $there->get("/kuji$path")->{status}, 404, "another tenant's campaign";
is $there->send("/kuji$path", %plain, save => 1)->{status}, 404, 'is not there';
is $there->send("/kuji$path/show", expected => 0, version => 1)->{status}, 404, 'at all';
is $there->get("/kuji$path/preview")->{status}, 404, 'nor its preview';

# A prize's picture.
my $pictured = campaign({ prizes => [ { code => 'A', units => 5, image => $logo } ] });
like seen('') && Kuji::Form->new->get("/k/$pictured")->{text}, qr{class="prize-image" src="/i/$logo"}, "a prize's picture";
unlike request('GET', "/k/$pictured/manifest.json")->{content}, qr/image/, 'which is no promise';

done_testing;
