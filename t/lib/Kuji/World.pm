# A tenant with something of everything, so that every form of the console is
# on some page: campaigns in each state, winners, claims, codes, gift codes,
# images, a theme, accounts and invitations.
#
#   my $world = Kuji::World->new;
#   $world->{owner};            # a Kuji::Admin
#   $world->{slug}{live};       # draft moment live coupon gift coded paused raffle over run
#   my %page = $world->pages;   # path => { html, page }: all that is linked
#
# SPDX-License-Identifier: Apache-2.0
package Kuji::World;

use strict;
use warnings;
use utf8;
use Kuji::Admin;
use Kuji::Campaign qw(now_ms);
use Kuji::Page;
use Kuji::Test;
use Kuji::Winner;

sub new {
    my ($class) = @_;
    my $self = bless { owner => Kuji::Admin->new, slug => {}, winner => {} }, $class;
    $self->_campaigns;
    $self->_people;
    $self->_accounts;
    $self->_raffles;
    return $self;
}

sub base {
    my ($self, $name) = @_;
    return "/admin/campaigns/$self->{slug}{$name}";
}

sub _campaigns {
    my ($self) = @_;
    my @prizes = map { { code => $_, name => "賞品 $_", kind => 'parcel', units => 9 } } qw(A B);
    my %raffle = (method => 'raffle', alternates => 4, limits => {}, prizes => [ { code => 'A', units => 3 } ]);
    $self->{slug} = {
        draft  => campaign({ title => '下書き', prizes => \@prizes }, draft => 1),
        moment => campaign({ title => '一瞬', method => 'moment', prizes => \@prizes }, draft => 1),
        live   => winners_campaign(title => '公開中'),
        coupon => winners_campaign(title => 'クーポン', kind => 'coupon'),
        gift   => winners_campaign(title => 'ギフト', kind => 'gift_code'),
        coded  => campaign({ title => 'コード', gates => [qw(code passphrase)], prizes => \@prizes }),
        paused => campaign({ title => 'お休み', prizes => \@prizes }),
        raffle => campaign({ title => '応募中', %raffle }),
        map { $_ => campaign({ title => "応募終了 $_", %raffle, closes_at => now_ms() + 5000 }) } qw(over run),
    };
    return;
}

sub _people {
    my ($self) = @_;
    my ($slug, $owner) = @$self{qw(slug owner)};
    draw($slug->{$_}, participant => "p$_") for ('raffle', 'over', 'run') x 9;
    # The first two gave their address; who came third still has the form.
    ($self->{first}, $self->{second}) = map { winner($slug->{live}) } 1 .. 2;
    $self->{winner} = { map { $_ => winner($slug->{$_}) } qw(live coupon gift) };
    claim($slug->{live}, $_, %taro) for $self->{first}, $self->{second};
    $self->_coupons;
    ctl('codes', 'generate', 'first', $slug->{coded}, 3, '--name', $_) for 'チラシ', 'ポスター';
    $owner->send($self->base('coded') . '/codes/1/disable');
    $owner->send($self->base('paused') . '/pause');
    $owner->send("/admin/campaigns/$slug->{gift}/gifts/A", list => "GIFT-" . unique('x') . "\n");
    claim($slug->{gift}, $self->{winner}{gift});
    $owner->ask('POST', '/admin/images', body => slurp_file("$ENV{KUJI_SRC}/t/unit/images/rgb.png"),
        headers => { Accept => 'application/json', 'Sec-Fetch-Site' => 'same-origin' });
    $owner->send($self->base('live') . '/theme', base => 'mono', expected => 0, css => '', logo => '', visual => '',
        save => 1);
    return;
}

# A shop that is open and one that is not, and a win that nobody claimed.
sub _coupons {
    my ($self) = @_;
    my ($owner, $base, $late) = ($self->{owner}, $self->base('coupon'), winner($self->{slug}{coupon}));
    $owner->send("$base/shops", name => $_, passcode => "SHOP$_") for 1, 2;
    my ($id) = $owner->get("$base/shops")->{text} =~ m{/shops/(\d+)/disable};
    $owner->send("$base/shops/$id/disable");
    sql("UPDATE kuji.claim c SET state = 'expired' FROM kuji.campaign k
          WHERE k.id = c.campaign_id AND k.slug = '$self->{slug}{coupon}' AND c.n = $late->{n}");
    return;
}

sub _accounts {
    my ($self) = @_;
    $self->{guest} = Kuji::Admin->new(role => 'viewer');
    my $r = $self->{owner}->send('/admin/accounts', login => unique('invited'), role => 'viewer');
    ($self->{invitation}) = $r->{text} =~ m{<p class="secret">http://[^/]+(/[^<]+)<};
    my $off = Kuji::Admin->new(role => 'viewer');
    $self->{owner}->send("/admin/accounts/$off->{id}/disable");
    $self->{accounts} = { map { $_->{id} => 1 } $self->{owner}, $self->{guest}, $off };
    return;
}

# Past their end; one is run.
sub _raffles {
    my ($self) = @_;
    my ($closes) = sql("SELECT max(closes_at) FROM kuji.campaign WHERE slug IN ('$self->{slug}{over}', '$self->{slug}{run}')");
    select undef, undef, undef, 0.1 while now_ms() <= $closes;
    $self->{owner}->send($self->base('run') . '/raffle/run', confirm => '応募終了 run');
    return;
}

# What a walk may open: of what is ours, and nothing that is a file.
sub _may {
    my ($self, $path) = @_;
    my %mine = map { $_ => 1 } values %{ $self->{slug} };
    return 0 if $path =~ m{\.(?:csv|jsonl|json|css|png|jpg|gif|webp)\b|[?&]lang=|^//};
    return 0 if $path =~ m{/assets/|^/i/|/(?:checkpoint|key|preview)(?:$|\?)};
    return $mine{$1} if $path =~ m{^(?:/admin/campaigns|/admin/people|/k)/([^/?]+)} && $1 ne '-';
    return $self->{accounts}{$1} if $path =~ m{^/admin/accounts/([^/?]+)};
    return $path =~ m{^(?:/admin(?:/|$)|/$)} && $path !~ m{[?&](?:before|page|after)=};
}

# Everything that links lead to from the console's front door and the forms
# that only ask: path => { html, page, status }.
sub pages {
    my ($self) = @_;
    my $owner = $self->{owner};
    my (%seen, %page);
    my @queue = ('/admin/campaigns', '/admin/account', $self->{invitation}, map { ($self->base($_), "/k/$self->{slug}{$_}") }
        sort keys %{ $self->{slug} });
    push @queue, map { "/admin/accounts/$_" } keys %{ $self->{accounts} };
    push @queue, $self->base('coupon') . '/claims?n=1', $self->base('draft') . '/preview',
        map { ($self->base($_) . "/winners?which=all", $self->base($_) . '/draws/1', "/admin/people/$self->{slug}{$_}/1") }
        qw(live gift coupon raffle run);
    while (defined(my $path = shift @queue)) {
        $path =~ s/#.*//;
        next if $seen{ $path =~ s/=[^&]*/=/gr }++ > 1;
        my $r = $owner->get($path);
        my $page = Kuji::Page->new($r->{text});
        $page{$path} = { html => $r->{text}, page => $page, status => $r->{status}, who => $owner };
        push @queue, $1 if ($r->{headers}{location} // '') =~ m{^(/.*)} && $self->_may($1);
        my ($here) = $path =~ /^([^?]*)/;
        push @queue, grep { $self->_may($_) } map { /^\?/ ? "$here$_" : $_ } $page->links;
    }
    $self->_participants(\%page);
    return %page;
}

# As the people who won see it.
sub _participants {
    my ($self, $page) = @_;
    for my $name (sort keys %{ $self->{winner} }) {
        my $who = $self->{winner}{$name};
        my $k   = "/k/$self->{slug}{$name}";
        for my $path ('/', $k, "$k/me", "$k/rules", "$k/fairness", "$k/draws/$who->{n}", "$k/claims/$who->{n}") {
            my $r = $who->get($path);
            $page->{"$path as winner of $name"} = { html => $r->{text}, page => Kuji::Page->new($r->{text}),
                status => $r->{status}, who => $who, path => $path };
        }
    }
    return;
}

1;
