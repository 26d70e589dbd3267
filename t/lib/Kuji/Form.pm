# A browser without JavaScript, as far as the pages need one: a cookie jar and
# forms.
#
#   my $me   = Kuji::Form->new;            # options: site, prefix, language
#   my %form = $me->form($slug);           # the hidden fields of the page
#   my $r    = $me->post($slug, %form, consent => 'yes');
#   my $page = $me->get($r->{headers}{location});   # $page->{text}: decoded
#
# SPDX-License-Identifier: Apache-2.0
package Kuji::Form;

use strict;
use warnings;
use Encode ();
use Kuji::Test ();

sub new {
    my ($class, %o) = @_;
    return bless { site => 'first', prefix => '', language => 'ja', jar => {}, %o },
        $class;
}

sub cookies {
    my ($self, $path) = @_;
    my $jar = $self->{jar};
    return join '; ', map { "$_=$jar->{$_}{value}" }
        grep { index($path, $jar->{$_}{path}) == 0 } sort keys %$jar;
}

sub keep {
    my ($self, $r) = @_;
    my $set = $r->{headers}{'set-cookie'} // [];
    for my $line (ref $set ? @$set : $set) {
        my ($name, $value) = $line =~ /^([^=]+)=([^;]*)/ or next;
        my ($path) = $line =~ /;\s*Path=([^;]*)/i;
        if ($line =~ /Max-Age=0\b/i) {
            delete $self->{jar}{$name};
        }
        else {
            $self->{jar}{$name} = { value => $value, path => $path // '/' };
        }
    }
    return;
}

sub ask {
    my ($self, $method, $path, %o) = @_;
    my ($plain) = $path =~ /^([^?]*)/;
    my $r = Kuji::Test::request($method, $path, site => $self->{site}, %o,
        headers => {
            Accept            => 'text/html,application/xhtml+xml,*/*;q=0.8',
            'Accept-Language' => $self->{language},
            Cookie            => $self->cookies($plain),
            %{ $o{headers} // {} },
        });
    $self->keep($r);
    $r->{text} = eval { Encode::decode('UTF-8', $r->{content}, Encode::FB_CROAK | Encode::LEAVE_SRC) };
    return $r;
}

# Path: as in a link (with the mount's prefix).
sub get {
    my ($self, $path, %o) = @_;
    return $self->ask('GET', $path, %o);
}

# The hidden fields of a campaign's form.
sub form {
    my ($self, $slug) = @_;
    my $text = $self->get("$self->{prefix}/k/$slug")->{text};
    return $text =~ /<input type="hidden" name="([^"]+)" value="([^"]*)"/g;
}

# Posts fields to a campaign's form; undef and '' are sent as they would be.
sub post {
    my ($self, $slug, %fields) = @_;
    %fields = (consent => 'yes', %fields);
    my $headers = delete $fields{_headers} // {};
    my $body    = join '&', map { _escape($_) . '=' . _escape($fields{$_}) } sort keys %fields;
    return $self->ask('POST', "$self->{prefix}/k/$slug/draw", body => $body,
        headers => { 'Content-Type' => 'application/x-www-form-urlencoded',
            'Sec-Fetch-Site' => 'same-origin', %$headers });
}

sub _escape {
    my $bytes = Encode::encode('UTF-8', $_[0]);
    $bytes =~ s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ge;
    return $bytes;
}

1;
