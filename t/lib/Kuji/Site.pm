# An installation of a test's own, to be hurt: a cluster, keys, a tenant, an
# httpd with the module and a neighbour that has nothing to do with it.
#
#   my $site = Kuji::Site->new(directives => ['KujiQueueLength 8']);
#   my $slug = $site->campaign({ units => 100 });
#   my $load = $site->load($slug, seconds => 6, connections => 32);
#   ... break something ...
#   my $sum = $site->finish($load);
#
# SPDX-License-Identifier: Apache-2.0
package Kuji::Site;

use strict;
use warnings;
use File::Temp ();
use HTTP::Tiny ();
use IO::Socket::INET ();
use JSON::PP   ();
use Kuji::Campaign qw(config_of);
use Kuji::Cluster ();
use Time::HiRes qw(sleep time);

my $json  = JSON::PP->new->utf8->canonical;
my $count = 0;
my @sites;

# new(settings => [postgresql.conf], directives => [httpd.conf], threads => N,
#     servers => N)
sub new {
    my ($class, %o) = @_;
    my $dir  = File::Temp::tempdir('kuji-site-XXXXXX', TMPDIR => 1, CLEANUP => 1);
    my $self = bless {dir => $dir, threads => 128, servers => 1, %o,
        owner => $$}, $class;
    push @sites, $self;
    # A test that is told to stop takes its servers along.
    $SIG{INT} = $SIG{TERM} = sub { exit 1 };
    mkdir "$dir/pg" or die $!;
    $self->{pg} = Kuji::Cluster->new(dir => "$dir/pg",
        settings => $o{settings} // []);
    $self->prepare;
    $self->start;
    return $self;
}

# Not in DESTROY: at the very end the directory, and the pid file in it, go
# first, and httpd would stay.
END {
    local $?;
    for my $site (grep { $_->{owner} == $$ } @sites) {
        $site->stop;
        next unless $site->{pg};
        kill 'CONT', $site->{pg}->processes, $site->{pg}->postmaster // ();
        $site->{pg}->stop('immediate');
    }
}

sub conninfo {
    my ($self) = @_;
    return "host=$self->{pg}{dir} port=$self->{pg}{port} dbname=kuji user=kuji_web";
}

sub ctl {
    my ($self, @words) = @_;
    open my $pipe, '-|', 'kujictl', '--database', $self->conninfo, '--keys',
        "$self->{dir}/keys", @words or die "kujictl: $!";
    local $/;
    my $out = <$pipe> // '';
    close $pipe or die "kujictl @words failed";
    $out =~ s/\n\z//;
    return $out;
}

sub prepare {
    my ($self) = @_;
    my $pg = $self->{pg};
    $pg->sql('CREATE DATABASE kuji', 'postgres');
    Kuji::Cluster::quietly("$ENV{KUJI_DATA}/sql/deploy.sh",
        "db:pg://postgres@/kuji?host=$pg->{dir}&port=$pg->{port}")
        or die 'the schema does not deploy';
    $self->ctl('keys', 'init', "$self->{dir}/keys");
    $self->ctl('tenant', 'create', 'fault', 'fault.test', 'Fault');
    ($self->{token}) = $self->ctl('token', 'create', 'fault', 'load',
        '--scopes', 'read,draw,write') =~ /(kuji_[\w-]{43})/ or die 'token';
    return;
}

# ---- httpd ----

sub free_port {
    my $socket = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1')
        or die $!;
    return $socket->sockport;
}

sub configuration {
    my ($self) = @_;
    chomp(my $modules = `apxs -q LIBEXECDIR`);
    my ($threads, $servers) = @$self{qw(threads servers)};
    my $directives = join "\n", @{$self->{directives} // []};
    my $all = $threads * $servers;
    return <<"CONF";
ServerRoot "$self->{dir}"
PidFile "$self->{dir}/httpd.pid"
DefaultRuntimeDir "$self->{dir}"
ErrorLog "$self->{dir}/error_log"
LogLevel warn
ServerName fault.test
Listen 127.0.0.1:$self->{port}
LoadModule mpm_event_module "$modules/mod_mpm_event.so"
LoadModule authz_core_module "$modules/mod_authz_core.so"
ServerLimit $servers
StartServers $servers
ThreadLimit $threads
ThreadsPerChild $threads
MaxRequestWorkers $all
MinSpareThreads 1
MaxSpareThreads $all
MaxKeepAliveRequests 0
KeepAliveTimeout 30
GracefulShutdownTimeout 20
LoadModule kuji_module "$ENV{KUJI_MODULE}"
KujiDatabase "@{[$self->conninfo]}"
KujiKeyFile "$self->{dir}/keys"
KujiTemplateDir "$ENV{KUJI_DATA}/templates"
KujiMetrics On
$directives
<Directory />
    AllowOverride None
    Require all denied
</Directory>
<Directory "$self->{dir}/neighbour">
    Require all granted
</Directory>
<VirtualHost *:$self->{port}>
    ServerName 127.0.0.1
    ServerAlias fault.test
    KujiTenant fault
    <Location />
        Kuji On
    </Location>
</VirtualHost>
<VirtualHost *:$self->{port}>
    ServerName neighbour.test
    DocumentRoot "$self->{dir}/neighbour"
</VirtualHost>
CONF
}

sub httpd {
    my ($self, @words) = @_;
    return Kuji::Cluster::quietly("$ENV{KUJI_SRC}/t/lib/httpd-wrap", '-f',
        "$self->{dir}/httpd.conf", @words);
}

sub start {
    my ($self) = @_;
    $self->{port} //= free_port();
    mkdir "$self->{dir}/neighbour";
    spew("$self->{dir}/neighbour/page.html", "<p>neighbour</p>\n");
    spew("$self->{dir}/httpd.conf", $self->configuration);
    $self->httpd('-k', 'start') or die "httpd: " . $self->errors;
    for (1 .. 200) {
        return if $self->get('/healthz')->{status} == 200;
        sleep 0.05;
    }
    die "httpd does not answer: " . $self->errors;
}

sub pid {
    my ($self) = @_;
    open my $file, '<', "$self->{dir}/httpd.pid" or return;
    chomp(my $pid = <$file> // '');
    return $pid;
}

sub children {
    my ($self) = @_;
    return Kuji::Cluster::children_of($self->pid // return);
}

# stop(SIGNAL): TERM, or WINCH (graceful); true when it is gone in time.
sub stop {
    my ($self, $signal) = @_;
    my $pid = $self->pid // return 1;
    kill $signal // 'TERM', $pid or return 1;
    for (1 .. 600) {
        return 1 unless kill 0, $pid;
        sleep 0.05;
    }
    kill 'KILL', $pid, Kuji::Cluster::children_of($pid);
    return 0;
}

sub errors {
    my ($self) = @_;
    open my $file, '<', "$self->{dir}/error_log" or return '';
    local $/;
    return scalar(<$file>) // '';
}

# ---- requests ----

sub spew {
    my ($name, $text) = @_;
    open my $file, '>:raw', $name or die "$name: $!";
    print $file $text;
    close $file or die "$name: $!";
    return;
}

sub get {
    my ($self, $path, $timeout, $headers) = @_;
    return HTTP::Tiny->new(timeout => $timeout // 10)->get(
        "http://127.0.0.1:$self->{port}$path", {headers => $headers // {}});
}

# One draw, one attempt.
sub draw {
    my ($self, $slug, $key, $timeout) = @_;
    $key //= 'once-' . ++$count;
    my $r = HTTP::Tiny->new(timeout => $timeout // 10)->post(
        "http://127.0.0.1:$self->{port}/api/v1/campaigns/$slug/draws",
        {
            headers => {
                Authorization     => "Bearer $self->{token}",
                'Content-Type'    => 'application/json',
                'Idempotency-Key' => $key
            },
            content => $json->encode({participant => "p-$key"})
        }
    );
    $r->{json} = eval { $json->decode($r->{content}) };
    return $r;
}

# A published campaign of one prize that nine of ten draws win, and its slug.
sub campaign {
    my ($self, $given) = @_;
    my $config = config_of({
        prizes => [{code => 'A', units => 1_000_000, weight => 900_000}],
        %{$given // {}}}, 'c-' . ++$count);
    spew("$self->{dir}/campaign.json", $json->encode($config));
    $self->ctl('campaign', 'create', 'fault', "$self->{dir}/campaign.json");
    my $mail = grep { $_ eq 'email' } @{ $config->{gates} };
    $self->ctl('campaign', 'publish', 'fault', $config->{slug}, $mail ? '--mail' : ());
    return $config->{slug};
}

sub metric {
    my ($self, $name) = @_;
    my ($value) = $self->get('/metrics')->{content} =~ /^\Q$name\E (\S+)$/m;
    return $value;
}

1;
