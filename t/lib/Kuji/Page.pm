# A page as a browser takes it apart: forms with their fields, links, and
# whatever in it could run. Tests that walk the site ask here, so that a form
# that is new is found by itself.
#
#   my $page = Kuji::Page->new($html);
#   $page->forms;   # ({ method, action, fields => [ { name, type, value, max } ] }, …)
#   $page->links;   # addresses of <a>
#   $page->live;    # what no page of ours has: told in words
#
# SPDX-License-Identifier: Apache-2.0
package Kuji::Page;

use strict;
use warnings;
use HTML::Parser ();

# Addresses that stay with us, and where a result may be shared.
my $ours = qr{^https://(?:line\.me/R/share|x\.com/intent/post)\?[\w%.&=+-]*$|^(?:$|[?\#]|/(?![/\\])|https?://(?:127\.0\.0\.1|localhost)[:/]|http://first\.test/k/[a-z0-9-]+$|mailto:|tel:)};
my %address = map { $_ => 1 } qw(href src action formaction data poster ping
    background cite xlink:href manifest);
my %never = map { $_ => 1 } qw(object embed applet base frame frameset xss);

sub new {
    my ($class, $html) = @_;
    my $self = bless { forms => [], links => [], live => [], text => '' }, $class;
    my $parser = HTML::Parser->new(
        api_version => 3,
        start_h     => [ sub { $self->_start(@_) }, 'tagname, attr' ],
        end_h       => [ sub { $self->_end(@_) }, 'tagname' ],
        text_h      => [ sub { $self->_text(@_) }, 'dtext' ],
        comment_h   => [ sub { $self->_live("a comment: $_[0]") }, 'text' ],
    );
    $parser->utf8_mode(0);
    $parser->unbroken_text(1);
    $parser->parse($html // '');
    $parser->eof;
    return $self;
}

sub forms { return @{ $_[0]{forms} } }
sub links { return @{ $_[0]{links} } }
sub live  { return @{ $_[0]{live} } }
sub text  { return $_[0]{text} }

# The form that is posted to that address.
sub form {
    my ($self, $action) = @_;
    my ($form) = grep { $_->{method} eq 'POST' && ($_->{action} // '') eq $action } $self->forms;
    return $form;
}

sub _live {
    my ($self, $what) = @_;
    push @{ $self->{live} }, $what;
    return;
}

sub _start {
    my ($self, $tag, $attr) = @_;
    $self->_judge($tag, $attr);
    push @{ $self->{links} }, $attr->{href} if $tag eq 'a' && defined $attr->{href};
    if ($tag eq 'form') {
        $self->{form} = { method => uc($attr->{method} // 'GET'), action => $attr->{action}, fields => [] };
        push @{ $self->{forms} }, $self->{form};
    }
    $self->_field($tag, $attr) if $tag =~ /^(?:input|textarea|select|button)$/;
    if ($tag eq 'option' && $self->{select}) {
        my $value = $attr->{value} // '';
        push @{ $self->{select}{options} }, $value;
        $self->{select}{value} = $value if exists $attr->{selected} || !defined $self->{select}{value};
    }
    $self->{within} = $tag if $tag eq 'script' || $tag eq 'style';
    return;
}

# What could run, or lead away.
sub _judge {
    my ($self, $tag, $attr) = @_;
    $self->_live("<$tag>") if $never{$tag};
    $self->_live('<style>') if $tag eq 'style';
    $self->_live('<script> of its own') if $tag eq 'script' && ($attr->{src} // '') !~ m{^(?:/kuji)?/assets/};
    $self->_live('<meta> that acts') if $tag eq 'meta' && defined $attr->{'http-equiv'};
    for my $name (grep { $_ ne '/' } keys %$attr) { # the end of <path/>
        my $value = $attr->{$name};
        $self->_live("<$tag $name>") if $name =~ /^on/ || $name =~ /^(?:style|srcdoc)$/;
        $self->_live("<$tag $name=$value>") if $address{$name} && $value !~ $ours;
        # Names are ours: letters. Whatever broke out of a value would make others.
        $self->_live("<$tag> has an attribute '$name'") if $name !~ /^[a-z][a-z-]*(?:\d+)?(?::href)?$/;
    }
    return;
}

sub _field {
    my ($self, $tag, $attr) = @_;
    my ($form, $name) = ($self->{form}, $attr->{name});
    return if !$form;
    if ($tag eq 'button') {
        push @{ $form->{buttons} }, { name => $name, value => $attr->{value}, action => $attr->{formaction} };
        return;
    }
    return if !defined $name;
    my $field = { name => $name, type => $tag eq 'input' ? lc($attr->{type} // 'text') : $tag,
        value => $tag eq 'select' ? undef : $attr->{value} // '', max => $attr->{maxlength},
        checked => exists $attr->{checked}, digits => ($attr->{inputmode} // '') eq 'numeric' || defined $attr->{pattern} };
    push @{ $form->{fields} }, $field;
    $self->{select}   = $field if $tag eq 'select';
    $self->{textarea} = $field if $tag eq 'textarea';
    return;
}

sub _end {
    my ($self, $tag) = @_;
    delete $self->{form} if $tag eq 'form';
    delete $self->{select} if $tag eq 'select';
    delete $self->{within} if $tag eq 'script' || $tag eq 'style';
    if ($tag eq 'textarea' && $self->{textarea}) {
        $self->{textarea}{value} =~ s/^\n//;
        delete $self->{textarea};
    }
    return;
}

sub _text {
    my ($self, $text) = @_;
    $self->{textarea}{value} .= $text if $self->{textarea};
    $self->_live("a script of its own: $text") if ($self->{within} // '') eq 'script' && $text =~ /\S/;
    $self->{text} .= $text;
    return;
}

# What a browser would send of an untouched form: name => [values].
sub values_of {
    my ($form) = @_;
    my %values;
    for my $field (@{ $form->{fields} }) {
        next if $field->{type} =~ /^(?:checkbox|radio)$/ && !$field->{checked};
        next if $field->{type} =~ /^(?:submit|file)$/;
        push @{ $values{ $field->{name} } }, $field->{value} // '';
    }
    return %values;
}

1;
