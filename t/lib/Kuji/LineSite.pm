# An installation of a test's own (Kuji::Site) whose tenant has its channels at
# a stand-in of LINE's, and people who come by it.
#
#   my $at  = Kuji::LineSite->new(servers => 2);     # $at->{site}, $at->{line}
#   my $who = $at->join($slug, 'alice');             # the participant's id
#   $at->friends('alice', 'bob');
#   my $r   = $at->hook({ events => [...] });
#
# SPDX-License-Identifier: Apache-2.0
package Kuji::LineSite;

use strict;
use warnings;
use Digest::SHA qw(hmac_sha256_base64);
use HTTP::Tiny  ();
use JSON::PP    ();
use Kuji::Admin ();
use Kuji::Form  ();
use Kuji::Line  ();
use Kuji::Site  ();
use Kuji::Test  ();

my $json = JSON::PP->new->utf8->canonical;
my ($login, $bot) = ('1657000001', '1657000009');
my ($secret, $bot_secret) = ('5ec7e71' . 'a' x 25, '8c570fa6dd201bb328f1c1eac23a96d8');
my $events = 0;

sub new {
    my ($class, %o) = @_;
    my $line = Kuji::Line->new;
    my $site = Kuji::Site->new(%o);
    my $self = bless {line => $line, site => $site, people => {}, name => "line$$"}, $class;
    $line->set(channels => {
        $login => {secret => $secret, redirect => ['http://fault.test/login/line/callback']},
        $bot   => {secret => $bot_secret, redirect => []}});
    Kuji::Test::meet($self->{name}, "127.0.0.1:$site->{port}");
    $self->log_in;
    my $r = $self->settings;
    die "no settings: $r->{status} $r->{content}" if $r->{status} != 303;
    return $self;
}

sub log_in {
    my ($self) = @_;
    my $file = "$self->{site}{dir}/password";
    Kuji::Site::spew($file, "correct-horse-battery-9\n");
    $self->{site}->ctl('admin', 'create', 'fault', 'owner', '--role', 'owner', '--password-file', $file);
    $self->{admin} = Kuji::Admin->nobody(site => $self->{name}, login => 'owner',
        password => 'correct-horse-battery-9');
    $self->{admin}->log_in;
    return;
}

sub settings {
    my ($self, %o) = @_;
    my ($expected) = $self->{admin}->get('/admin/line')->{text} =~ /name="expected" value="(\d+)"/;
    return $self->{admin}->send('/admin/line', expected => $expected, channel => $login,
        secret => $secret, bot => $bot, bot_secret => $bot_secret, bot_prompt => 'none',
        access => $self->{line}->url(''), api => $self->{line}->url(''), %o);
}

sub sql { my ($self, $text) = @_; return $self->{site}{pg}->sql($text, 'kuji') }

sub sub_of { my ($self, $user) = @_; return $self->{line}->control(sub => $user)->{sub} }

sub friends {
    my ($self, @users) = @_;
    $self->{line}->set(friends => [map { $self->sub_of($_) } @users]);
    return;
}

# Logs in on LINE for the campaign; the browser is kept in people.
sub join {
    my ($self, $slug, $user) = @_;
    my $me = Kuji::Form->new(site => $self->{name});
    $self->{line}->set('login.user' => $user);
    my $r = $self->there_and_back($me, "/login/line?campaign=$slug");
    die "no log-in: $r->{status} $r->{content}" if $r->{status} != 303;
    $self->{people}{$user} = $me;
    return 'line:' . $self->sql("SELECT encode(line_user, 'hex') FROM kuji.participant_line p
        JOIN kuji.campaign c ON c.id = p.campaign_id WHERE c.slug = '$slug'
        ORDER BY verified_at DESC LIMIT 1");
}

sub there_and_back {
    my ($self, $me, $path) = @_;
    my $url  = $me->get($path)->{headers}{location} // die "not off to LINE: $path";
    my $back = HTTP::Tiny->new(max_redirect => 0)->get($url)->{headers}{location} // die "LINE keeps one: $url";
    return $me->get(substr $back, length 'http://fault.test');
}

sub event {
    my ($self, $type, $user, %more) = @_;
    return {type => $type, mode => 'active', timestamp => int(Time::HiRes::time() * 1000),
        webhookEventId => sprintf('01H%023d', ++$events), deliveryContext => {isRedelivery => JSON::PP::false},
        source => {type => 'user', userId => $self->sub_of($user)}, %more};
}

sub said {
    my ($self, $user, $text, %more) = @_;
    return $self->event('message', $user, message => {type => 'text', id => '1', text => $text}, %more);
}

sub signature {
    my ($body, $key) = @_;
    my $mac = hmac_sha256_base64($body, $key);
    return $mac . '=' x (-length($mac) % 4);
}

# Posts what LINE would; body: bytes instead of the document; headers; secret:
# another one that signs.
sub hook {
    my ($self, $doc, %o) = @_;
    my $body = $o{body} // $json->encode({destination => 'U' . '0' x 32, %$doc});
    my $mac  = signature($body, $o{secret} // $bot_secret);
    return HTTP::Tiny->new(timeout => 30)->post("http://127.0.0.1:$self->{site}{port}/hooks/line", {
        headers => {'Content-Type' => 'application/json', 'x-line-signature' => $mac, %{ $o{headers} // {} }},
        content => $body});
}

1;
