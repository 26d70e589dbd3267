# Forms under attack: which there are, what an honest person would send, and
# what somebody else would.
#
#   my @forms = forms_of($world);          # each kind of form once
#   for my $form (@forms) {
#       my $fresh = renew($form) or next;  # as its page has it now
#       my $r = post($form, %{ honest($fresh) }, title => $evil);
#   }
#
# SPDX-License-Identifier: Apache-2.0
package Kuji::Siege;

use strict;
use warnings;
use utf8;
use Encode ();
use Exporter 'import';
use Kuji::Console qw(config_row);
use Kuji::Form;
use Kuji::Page;
use Kuji::Routes;
use Kuji::Test;

our @EXPORT = qw(forms_of free_fields honest post renew route_of volley);

# What changes or ends the most comes last.
my @gentle = (qr{/(?:password|void|substitute|run|revoke)$}, qr{/remove$}, qr{/(?:publish|erase)$},
    qr{/(?:disable|enable)$}, qr{/(?:close|archive)$}, qr{/logout$});

my @posted = map { my $p = $_->{path}; [ $p, qr{^@{[ $p =~ s/\{\w+\}/[^\/]+/gr ]}$} ] }
    grep { $_->{method} eq 'POST' } admin_routes(), participant_routes();

# The row of a routes table that answers that address.
sub route_of {
    my ($path) = @_;
    my ($found) = grep { $path =~ $_->[1] } @posted;
    return $found ? $found->[0] : undef;
}

sub _rank {
    my ($form) = @_;
    for my $i (0 .. $#gentle) {
        return $i + 1 if $form->{route} =~ $gentle[$i];
    }
    return 0;
}

# Each form once: by its route and the names of its fields.
sub forms_of {
    my ($world, %page) = @_;
    my (%seen, @forms);
    for my $path (sort keys %page) {
        for my $form (grep { $_->{method} eq 'POST' && defined $_->{action} } $page{$path}{page}->forms) {
            my @actions = ($form->{action}, map { $_->{action} // () } @{ $form->{buttons} // [] });
            for my $action (@actions) {
                my $route = route_of($action) // 'none: ' . $action;
                my $names = join ' ', sort map { $_->{name} } @{ $form->{fields} };
                my $kind  = "$route $names";
                push @forms, $seen{$kind} = { route => $route, places => [] } if !$seen{$kind};
                push @{ $seen{$kind}{places} }, { action => $action, of => $form->{action},
                    page => $page{$path}{path} // $path, who => $page{$path}{who} };
            }
        }
    }
    return sort { _rank($a) <=> _rank($b) || $a->{route} cmp $b->{route} } @forms;
}

# The form as its page has it now: where one attack took it away, another page
# of the kind may still have it.
sub renew {
    my ($form) = @_;
    while (my $place = $form->{places}[0]) {
        @$form{ keys %$place } = values %$place;
        my $fresh = _fresh($form);
        return $fresh if $fresh || @{ $form->{places} } == 1;
        shift @{ $form->{places} };
    }
    return;
}

sub _fresh {
    my ($form) = @_;
    return Kuji::Page->new($form->{who}->get($form->{page})->{text})->form($form->{of});
}

sub _title {
    my ($action) = @_;
    my ($slug) = $action =~ m{/campaigns/([^/]+)/};
    return config_row($slug, "config ->> 'title'");
}

# What only who wants it would type.
my %typed = (
    slug => sub { unique('made') }, login => sub { unique('someone') }, code => sub { uc unique('p') =~ s/-/_/gr },
    title => sub { 'ある抽選' }, name => sub { $_[0] =~ m{/accounts/([^/]+)/} ? _login($1) : 'ある賞品' },
    confirm => sub { $_[0] =~ m{/(\d+)/\w+$} ? $1 : _title($_[0]) }, q => sub { 'x' }, n => sub { 1 },
    units => sub { 1 }, weight => sub { 1 }, count => sub { 2 }, make_name => sub { 'x' }, take_name => sub { 'x' },
    symbols => sub { 12 }, make_uses => sub { 1 }, take_uses => sub { 1 }, codes => sub { unique('NR') },
    list => sub { '2,1' }, password => sub { 'wrong-password-1' }, new => sub { '' }, again => sub { '' },
    retention_days => sub { 9 }, purpose => sub { 'x' }, consent => sub { 'yes' }, generated => sub { undef },
    opens_at => sub { '2020-01-01T00:00' }, closes_at => sub { '2035-01-01T00:00' },
);

sub _login {
    my ($id) = @_;
    return Encode::decode('UTF-8', scalar sql("SELECT login FROM kuji.admin WHERE id = '$id'"));
}

# The form as somebody fills it in who means well.
sub honest {
    my ($form, $action) = @_;
    my %values = Kuji::Page::values_of($form);
    for my $field (@{ $form->{fields} }) {
        my $name = $field->{name};
        next if grep { length } @{ $values{$name} // [] };
        my $typed = $typed{$name} // next;
        my $value = $typed->($action);
        if (defined $value) {
            $values{$name} = [$value];
        }
        else {
            delete $values{$name};
        }
    }
    $values{save} = [1] if $action =~ m{/theme$};
    return \%values;
}

# Fields that anything may be typed into.
sub free_fields {
    my ($form) = @_;
    return grep { $_->{type} =~ /^(?:text|textarea|search|tel|email|url)$/ && !$_->{digits}
            && $_->{name} !~ /^(?:confirm|slug|code|n)$|_at$/ } @{ $form->{fields} };
}

# Gives every free field of the form what is evil: all at once where that is
# taken, else one by one. short: for fields that take no more. Comes back: of
# each try its answer and the names of its fields.
sub volley {
    my ($form, $long, $short) = @_;
    my $fresh = renew($form) // return;
    my %evil = map {
        my $max = $_->{max} // length $long;
        $_->{name} => $max >= length $long ? $long : substr $short, 0, $max
    } free_fields($fresh);
    my @tries = (\%evil, keys %evil > 1 ? map { { $_ => $evil{$_} } } sort keys %evil : ());
    my @answers;
    for my $try (@tries) {
        $fresh = renew($form) // last;
        my $r = post($form, %{ honest($fresh, $form->{action}) }, %$try);
        push @answers, { r => $r, names => [ sort keys %$try ] };
        last if $r->{status} < 400;
    }
    return @answers;
}

# From an address of its own each time, so that no count of wrong tries stands
# between the attack and what it is for.
my $from = 0;
sub post {
    my ($form, %values) = @_;
    $from++;
    my $raw = delete $values{_raw};
    my $body = join '&', map {
        my $name = $_;
        map { Kuji::Form::_escape($name) . '=' . Kuji::Form::_escape($_ // '') }
            ref $values{$name} ? @{ $values{$name} } : $values{$name}
    } sort keys %values;
    return $form->{who}->ask('POST', $form->{action}, body => join('&', grep { length } $body, $raw // ''), headers => {
        'Content-Type' => 'application/x-www-form-urlencoded', 'Sec-Fetch-Site' => 'same-origin',
        'X-Forwarded-For' => join '.', 10, 9, $from >> 8 & 255, $from & 255 });
}

1;
