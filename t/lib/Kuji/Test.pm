# What the server tests are written with: requests to the tests' sites,
# campaigns, many clients at once, and the log lines a test provokes.
#
#   use Test::More;
#   use Kuji::Test;
#   my $slug = campaign({ method => 'box', blanks => 10, prizes => [...] });
#   my $r = draw($slug, participant => 'p1', key => 'k1');
#   is $r->{status}, 201;
#   is $r->{json}{draws}[0]{n}, 1;
#
# SPDX-License-Identifier: Apache-2.0
package Kuji::Test;

use strict;
use warnings;
use Exporter 'import';
use HTTP::Tiny ();
use JSON::PP   ();
use Kuji::Campaign qw(config_of);

our @EXPORT = qw(campaign ctl draw expect_log parallel request site_url
    slurp_file sql token unique);

my $json = JSON::PP->new->utf8->canonical;
my $count = 0;

# A name that no other test of this run uses.
sub unique {
    my ($prefix) = @_;
    return join '-', $prefix, $$, ++$count;
}

# "http://host:port" of a site of t/conf/extra.conf.in. Apache::Test would ask
# httpd itself in every process, so t/run has written down what it said.
my %host_port = $ENV{KUJI_SCRATCH}
    ? map { split } split /\n/, slurp_file("$ENV{KUJI_SCRATCH}/sites")
    : ();

sub site_url {
    my ($site) = @_;
    my $host_port = $host_port{ $site // 'first' } // die "no site $site";
    return "http://$host_port";
}

# Another site, of the test's own.
sub meet {
    my ($site, $host_port) = @_;
    $host_port{$site} = $host_port;
    return;
}

sub slurp_file {
    my ($name) = @_;
    open my $file, '<:raw', $name or die "$name: $!";
    local $/;
    return scalar <$file>;
}

# The site's token for every scope.
sub token {
    my ($site) = @_;
    return slurp_file("$ENV{KUJI_SCRATCH}/token." . ($site // 'first'));
}

# One request. Options: site, headers, body (bytes), json (encoded as the
# body), token (a site's name: its token; any other text: itself; 0: none),
# agent (an HTTP::Tiny of the caller's). What comes back is HTTP::Tiny's
# answer, with `json` when it is JSON. Redirects are not followed.
sub request {
    my ($method, $path, %o) = @_;
    my %headers = %{ $o{headers} // {} };
    my $body    = $o{body};
    if (exists $o{json}) {
        $body = $json->encode($o{json});
        $headers{'Content-Type'} //= 'application/json';
    }
    if ($o{token}) {
        my $token = $o{token} =~ /^kuji_/ ? $o{token} : token($o{token});
        $headers{Authorization} = "Bearer $token";
    }
    my $agent = $o{agent} // HTTP::Tiny->new(max_redirect => 0, timeout => 30);
    my $r     = $agent->request($method, site_url($o{site}) . $path,
        { headers => \%headers, defined $body ? (content => $body) : () });
    if (($r->{headers}{'content-type'} // '') =~ m{\b(?:json|problem\+json)\b}) {
        $r->{json} = eval { $json->decode($r->{content}) };
    }
    return $r;
}

# POST …/draws. Options: participant, key (both made up when left out), code,
# count, and those of request().
sub draw {
    my ($slug, %o) = @_;
    my %body = (participant => $o{participant} // unique('p'));
    for my $name (grep { defined $o{$_} } qw(code count)) {
        $body{$name} = $o{$name};
    }
    my $key = $o{key} // unique('k');
    return request(
        'POST', "/api/v1/campaigns/$slug/draws",
        site    => $o{site},
        agent   => $o{agent},
        token   => $o{token} // $o{site} // 'first',
        json    => \%body,
        headers => { 'Idempotency-Key' => $key },
    );
}

# kujictl with the tests' keys and database; its standard output.
sub ctl {
    my (@arguments) = @_;
    open my $pipe, '-|', 'kujictl', @arguments or die "kujictl: $!";
    local $/;
    my $output = <$pipe>;
    close $pipe or die "kujictl @arguments: exit " . ($? >> 8);
    return $output =~ s/\n\z//r;
}

# A published campaign, open now, and its slug. What is left out of the CONFIG
# is filled in by Kuji::Campaign. Options: site, draft (do not publish),
# passphrases (where the gate asks for one).
sub campaign {
    my ($given, %o) = @_;
    my $config = config_of($given, unique('c'));
    my $tenant = $o{site} // 'first';
    my $file   = "$ENV{KUJI_SCRATCH}/$config->{slug}.json";
    open my $out, '>:raw', $file or die "$file: $!";
    print $out $json->encode($config);
    close $out or die "$file: $!";
    ctl('campaign', 'create', $tenant, $file);
    _publish($tenant, $config, $o{passphrases} // 'sesame') if !$o{draft};
    return $config->{slug};
}

# What its gates need comes before it is published. The console alone sets
# passphrases.
sub _publish {
    my ($tenant, $config, $passphrases) = @_;
    my $slug = $config->{slug};
    my %gate = map { $_ => 1 } @{ $config->{gates} };
    if ($gate{passphrase}) {
        require Kuji::Admin;
        my $r = Kuji::Admin->new(site => $tenant)
            ->send("/admin/campaigns/$slug/passphrases", version => 0, passphrases => $passphrases);
        die "passphrases of $slug: $r->{status}" if $r->{status} != 303;
    }
    ctl('campaign', 'publish', $tenant, $slug, $gate{email} ? '--mail' : ());
    return;
}

# The rows of a query as the cluster's superuser, who sees every tenant: each
# a line with its columns between | characters.
sub sql {
    my ($query) = @_;
    open my $pipe, '-|', qw(psql -X -At -v ON_ERROR_STOP=1 -d kuji -c), $query
        or die "psql: $!";
    my @rows = <$pipe>;
    close $pipe or die "psql: exit " . ($? >> 8);
    chomp @rows;
    return wantarray ? @rows : $rows[0];
}

# Runs code->(0) … code->(n - 1) at once, each in a process of its own that
# starts when all are there; what they return comes back in their order.
sub parallel {
    my ($clients, $code) = @_;
    my @readers;
    pipe my $gate, my $opener or die "pipe: $!";
    for my $i (0 .. $clients - 1) {
        pipe my $reader, my $writer or die "pipe: $!";
        my $pid = fork // die "fork: $!";
        if (!$pid) {
            close $opener;
            sysread $gate, my $nothing, 1;
            my $result = eval { [ $code->($i) ] } // { error => "$@" };
            syswrite $writer, $json->encode($result);
            close $writer;
            require POSIX;
            POSIX::_exit(0);
        }
        push @readers, [ $pid, $reader ];
    }
    close $gate;
    close $opener;
    return map { _collect(@$_) } @readers;
}

sub _collect {
    my ($pid, $reader) = @_;
    local $/;
    my $text = <$reader>;
    waitpid $pid, 0;
    my $result = $json->decode($text);
    die $result->{error} if ref $result eq 'HASH';
    return wantarray ? @$result : $result->[-1];
}

# Announces lines that this test brings into httpd's error log; any other line
# of level warn or above fails the run (t/last/error_log.t).
sub expect_log {
    my (@patterns) = @_;
    open my $file, '>>', "$ENV{KUJI_SCRATCH}/expected-log" or die "$!";
    print $file "$_\n" for @patterns;
    close $file or die "$!";
    return;
}

1;
