#!/usr/bin/perl
# Ways in and around: paths that say one thing to one reader and another to the
# next, forms from elsewhere or sent twice, methods in disguise, sessions of
# somebody's choosing, redirects and links that lead away.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use IO::Socket::INET ();
use Test::More;
use Kuji::Admin;
use Kuji::Console;
use Kuji::Form;
use Kuji::Routes;
use Kuji::Test;
use Kuji::Winner;

my %admin = map { $_ => Kuji::Admin->new(role => $_) } qw(owner viewer);
my $slug  = campaign({ title => 'とびら' });
my $draft = campaign({ title => 'した書き' }, draft => 1);
my ($host) = site_url('first') =~ m{//(.+)};
sub changes { return sql('SELECT count(*) FROM kuji.audit') }

# One request byte for byte; the whole answer.
sub raw {
    my ($target, %o) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => $host, Timeout => 30) or die $@;
    my $cookie = $o{who} ? 'Cookie: ' . $o{who}->cookies('/admin') . "\r\n" : '';
    print $socket join '', $o{method} // 'GET', " $target HTTP/1.1\r\nHost: ", $o{host} // $host, "\r\n${cookie}",
        $o{headers} // '', "Accept: text/html\r\nConnection: close\r\n\r\n";
    local $/;
    return <$socket> // '';
}
sub status { return $_[0] =~ m{^HTTP/1\.[01] (\d+)} ? $1 : 0 }

# ---- paths ----

my @secret = ('/admin/audit', '/admin/accounts', '/admin/people', "/admin/campaigns/$slug/claims");
my %trick = (
    dots      => sub { $_[0] =~ s{^/admin}{/k/$slug/../../admin}r },
    dots_here => sub { $_[0] =~ s{^/admin}{/admin/campaigns/..}r },
    encoded_dots => sub { $_[0] =~ s{^/admin}{/k/%2e%2e/admin}r },
    mixed_dots => sub { $_[0] =~ s{^/admin}{/admin/.%2E/admin}r },
    encoded_slash => sub { $_[0] =~ s{^/admin/}{/admin%2f}r },
    upper_slash => sub { $_[0] =~ s{^/admin/}{/admin%2F}r },
    backslash => sub { $_[0] =~ s{^/admin/}{/admin\\}r },
    encoded_backslash => sub { $_[0] =~ s{^/admin/}{/admin%5c}r },
    double    => sub { "/$_[0]" },
    double_within => sub { $_[0] =~ s{^/admin/}{/admin//}r },
    dot_within => sub { $_[0] =~ s{^/admin/}{/admin/./}r },
    trailing_slash => sub { "$_[0]/" },
    trailing_dot => sub { "$_[0]." },
    trailing_space => sub { "$_[0]%20" },
    parameter => sub { "$_[0];jsessionid=1" },
    parameter_within => sub { $_[0] =~ s{^/admin/}{/admin;x/}r },
    upper     => sub { uc $_[0] },
    mixed     => sub { $_[0] =~ s{^/admin}{/aDmin}r },
    letters   => sub { $_[0] =~ s{^/admin/(.)}{sprintf '/%%61dmin/%%%02x', ord $1}er },
    twice     => sub { $_[0] =~ s{^/admin/}{/admin%252f}r },
    nul       => sub { "$_[0]%00" },
    nul_name  => sub { "$_[0]%00.css" },
    overlong  => sub { $_[0] =~ s{^/admin/}{/admin%c0%af}r },
    overlong_dots => sub { $_[0] =~ s{^/admin}{/k/%c0%ae%c0%ae/admin}r },
    fullwidth => sub { $_[0] =~ s{^/admin/}{/admin%ef%bc%8f}r },
    extension => sub { "$_[0].css" },
    below     => sub { "$_[0]/x.css" },
    absolute  => sub { "http://evil.example$_[0]" },
    ours_absolute => sub { "http://$host$_[0]" },
    long      => sub { "$_[0]/" . 'a' x 4000 },
);
for my $name (sort keys %trick) {
    my @wrong;
    for my $path (@secret) {
        my $target = $trick{$name}->($path);
        my $nobody = raw($target);
        push @wrong, "$target, nobody: " . status($nobody) if status($nobody) !~ /^(?:30[13]|4\d\d)$/;
        my $viewer = raw($target, who => $admin{viewer});
        push @wrong, "$target, a viewer: " . status($viewer) if status($viewer) !~ /^(?:30[13]|4\d\d)$/;
        my $owner = raw($target, who => $admin{owner});
        push @wrong, "$target, an owner: " . status($owner) if status($owner) !~ /^(?:200|30[13]|4\d\d)$/;
        for my $answer ($nobody, $viewer, $owner) {
            push @wrong, "$target leads away" if $answer =~ m{^Location: (?!/admin|http://\Q$host\E/)}mi;
            push @wrong, "$target is kept" if $answer =~ /^Cache-Control: public/mi;
        }
    }
    is_deeply \@wrong, [], "path: $name";
}
for my $long ('a' x 64, 'a' x 500, '%61' x 2000, '-', '%2d%2d', "$slug%00", "$slug%0a", "$slug.", uc $slug) {
    like status(raw("/k/$long")), qr/^4/, 'slug: ' . substr $long, 0, 20;
    like status(raw("/admin/campaigns/$long", who => $admin{owner})), qr/^4/, 'on the console, too';
}

# ---- every POST, from elsewhere or in another dress ----

my %value = (slug => $draft, id => $admin{viewer}{id}, n => 1, name => 'A');
my @posts = map { { %$_, at => $_->{path} =~ s/\{(\w+)\}/$value{$1}/gr } }
    grep { $_->{method} eq 'POST' && $_->{path} !~ m{/logout$} } admin_routes();
my $before = changes();
my %honest = (title => 'x', confirm => 'した書き', units => 1, version => version_of($draft), login => 'x', role => 'owner',
    name => 'x', to => 'shipped', way => 'up', n => 1, prize => 'A', save => 1, base => 'mono', expected => 0);
my %disguise = (
    'another Origin'  => { 'Sec-Fetch-Site' => undef, Origin => 'https://evil.example' },
    'no Origin at all of a browser' => { 'Sec-Fetch-Site' => undef, Origin => 'null' },
    'another site'    => { 'Sec-Fetch-Site' => 'cross-site' },
    'a sister'        => { 'Sec-Fetch-Site' => 'same-site' },
    'our name longer' => { 'Sec-Fetch-Site' => undef, Origin => "http://$host.evil.example" },
    'our name with another scheme and port' => { 'Sec-Fetch-Site' => undef, Origin => 'https://127.0.0.1:1' },
);
for my $name (sort keys %disguise) {
    my @wrong = grep { $_->[1] != 403 }
        map { [ $_->{path}, $admin{owner}->send($_->{at}, %honest, _headers => $disguise{$name})->{status} ] } @posts;
    is_deeply \@wrong, [], "$name: 403, every form";
}
for my $type ('text/plain', 'multipart/form-data; boundary=x', 'application/json', '') {
    my @wrong = grep { $_->[1] !~ /^4/ } map { [ $_->{path}, $admin{owner}->ask('POST', $_->{at}, body => "title=x&a=\xff",
        headers => { 'Content-Type' => $type, 'Sec-Fetch-Site' => 'same-origin' })->{status} ] }
        grep { $_->{path} !~ m{/(?:enable|disable|archive|pause|resume|revoke|invite|undo|again|test|draws/\{n\}/\w+)$} } @posts;
    is_deeply \@wrong, [], "as '$type': no form";
}
my @open = grep { $_->{path} =~ m{/(?:login|invitation)$} } @posts;
is_deeply [ grep { $_->[1] != 401 && $_->[1] != 422 && $_->[1] != 404 }
    map { [ $_->{path}, Kuji::Admin->nobody->send($_->{at}, %honest)->{status} ] } @posts ], [], 'without a cookie: 401';
is scalar @open, 2, 'but for the two doors';
my $query = join '&', map { "$_=$honest{$_}" } grep { $_ ne 'confirm' } sort keys %honest;
for my $method (qw(GET HEAD OPTIONS)) {
    my @wrong = grep { $_->[1] >= 500 } map { [ $_->{at}, $admin{owner}->ask($method, "$_->{at}?$query&confirm=x",
        headers => { 'X-HTTP-Method-Override' => 'POST', 'X-HTTP-Method' => 'POST', 'X-Method-Override' => 'POST' })->{status} ] }
        @posts;
    is_deeply \@wrong, [], "$method of every form's address";
}
for my $path ("/k/$slug/draw?key=x&consent=yes", "/k/$slug/draw?_method=POST", "/api/v1/campaigns/$slug/draws") {
    is request($_, $path, token => 'first', headers => { 'X-HTTP-Method-Override' => 'POST' })->{status}, 405, "$_ $path"
        for qw(GET HEAD);
}
is $admin{owner}->send('/admin/people', q => 'x', _method => 'DELETE', _headers => { 'X-HTTP-Method-Override' => 'DELETE' })->{status},
    200, 'a POST is a POST';
is changes(), $before, 'nothing of all that changed anything';
is sql("SELECT next_n FROM kuji.campaign WHERE slug = '$slug'"), 1, 'nor drew';

# ---- sent twice ----

my $me = $admin{owner};
my %form = fields($me->get("/admin/campaigns/$draft/texts")->{text}, "/admin/campaigns/$draft/texts");
is $me->send("/admin/campaigns/$draft/texts", %form, ja_lead => 'eins')->{status}, 303, 'a form';
is $me->send("/admin/campaigns/$draft/texts", %form, ja_lead => 'zwei')->{status}, 409, 'again: it is of yesterday';
is config_row($draft, "config #>> '{texts,ja,lead}'"), 'eins', 'nothing is overwritten';
my %new = (fields($me->get("/admin/campaigns/-/new")->{text}, '/admin/campaigns'), title => 'x', slug => unique('twice'));
is $me->send('/admin/campaigns', %new)->{status}, 303, 'a campaign';
is $me->send('/admin/campaigns', %new)->{status}, 409, 'once';
my $guest = Kuji::Form->new;
my %draw  = $guest->form($slug);
my @twice = map { $guest->post($slug, %draw)->{headers}{location} } 1 .. 3;
is "@twice", join(' ', ($twice[0]) x 3), 'a draw that is sent three times is one';
my $other = Kuji::Form->new;
$other->get("/k/$slug");
isnt $other->post($slug, %draw)->{headers}{location}, $twice[0], "somebody else's form is another draw";
is sql("SELECT next_n FROM kuji.campaign WHERE slug = '$slug'"), 3, 'two in all';

# ---- sessions of somebody's choosing ----

my %login = (login => $me->{login}, password => $me->{password});
for my $chosen ('x' x 43, $admin{viewer}{jar}{'kuji-admin'}{value}) {
    my $victim = Kuji::Admin->nobody;
    $victim->{jar}{'kuji-admin'} = { value => $chosen, path => '/' };
    is $victim->send('/admin/login', %login)->{status}, 303, 'logs in with a cookie that was put there';
    isnt $victim->{jar}{'kuji-admin'}{value}, $chosen, 'and has another afterwards';
    my $attacker = Kuji::Admin->nobody(jar => { 'kuji-admin' => { value => $chosen, path => '/' } });
    isnt $attacker->get('/admin/audit')->{status}, 200, 'the one that was put there opens nothing';
}
$admin{viewer} = Kuji::Admin->new(role => 'viewer');
my $winner = winner(winners_campaign());
my ($name) = grep { !/said/ } keys %{ $winner->{jar} };
my $value = $winner->{jar}{$name}{value};
for my $forged ('x', $value . 'x', substr($value, 0, -1), $value =~ s/.\z/A/r . 'A', reverse($value), '') {
    my $thief = Kuji::Form->new(jar => { $name => { value => $forged, path => '/' } });
    is $thief->get("/k/$slug/me")->{status}, 200, "a participant's cookie that we did not sign";
    isnt(($thief->{jar}{$name}{value} // ''), $forged, 'is replaced') if $thief->{jar}{$name}{value} ne $forged;
}

# ---- away ----

for my $next ("/admin%0d%0aX-Evil: 1", "/admin\r\nX-Evil: 1", "/admin\nX-Evil: 1", "/admin/\x{2028}//evil.example", "/admin\t//evil.example",
    '/admin/%2f%2fevil.example', '/admin/%5cevil.example', '///evil.example', '/admin/../..//evil.example', 'http:/admin',
    'http:admin', '/admin:80/', '/admin#//evil.example', '@evil.example', '/admin?next=//evil.example', "/admin\0", '/admin;//x')
{
    my $r = Kuji::Admin->nobody->send('/admin/login', next => $next, %login);
    next if $r->{status} == 400; # no text at all
    is $r->{status}, 303, 'in, with next=' . $next =~ s/[^ -~]/?/gr;
    like $r->{headers}{location}, qr{^/admin(?:[/?][\w%=?.,&~+-]*(?:/[\w%=?.,&~+-]+)*)?$}, "to $r->{headers}{location}";
    is $r->{headers}{'x-evil'}, undef, 'no header of theirs';
}
for my $path ('/admin/login?lang=en%0d%0aX-Evil:%201', '/?lang=%0d%0aX-Evil:%201', "/k/$slug?lang=en%0aX-Evil:1",
    '/admin/campaigns?q=%0d%0aX-Evil:%201&lang=en', "/admin/campaigns/$slug/exports/draws.csv?prize=%0d%0aX-Evil:1") {
    my $answer = raw($path, who => $me);
    unlike +(split /\r\n\r\n/, $answer, 2)[0], qr/^X-Evil/mi, "$path: no header of theirs";
    like status($answer), qr/^(?:200|30[13]|4\d\d)$/, 'and an answer';
}

# ---- whose host ----

for my $evil ('evil.example', "$host.evil.example", 'evil.example:80', "evil.example#$host", "x\@$host", '[::1', '') {
    my $answer = raw('/admin/login', host => $evil);
    like status($answer), qr/^4/, "Host: $evil";
    unlike $answer, qr/^(?:Location|Set-Cookie):/mi, 'nothing is set';
}
my $lies = "X-Forwarded-Host: evil.example\r\nForwarded: host=evil.example;proto=https\r\nX-Original-URL: /admin/audit\r\n"
    . "X-Rewrite-URL: /admin/audit\r\nX-Host: evil.example\r\n";
unlike raw('/admin', headers => $lies), qr/evil\.example|200 OK/, 'what a proxy might say is not believed';
my $r = $me->send('/admin/accounts', login => unique('host'), role => 'viewer', _headers => {
    'X-Forwarded-Host' => 'evil.example', Forwarded => 'host=evil.example' });
like $r->{text}, qr{<p class="secret">http://\Q$host\E/admin/invitation\?}, 'an invitation leads here';

done_testing;
