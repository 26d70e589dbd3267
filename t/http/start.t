#!/usr/bin/perl
# What httpd refuses to start with: directives in the wrong place or with a
# wrong value, and key files that others could read.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use File::Temp qw(tempdir);
use IO::Socket::INET ();
use Kuji::Test;

my $dir = tempdir(CLEANUP => 1);

# A port that is free now.
my $port = do {
    my $socket = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1')
        or die $@;
    $socket->sockport;
};

sub httpd {
    my ($conf, @arguments) = @_;
    my $wait = 30;
    $wait = shift @arguments if @arguments && $arguments[0] =~ /^\d/;
    open my $out, '>', "$dir/httpd.conf" or die $!;
    print $out slurp_file("$ENV{KUJI_SCRATCH}/base.conf"), <<"CONF", $conf;
ServerRoot "$dir"
ServerName localhost
PidFile "$dir/httpd.pid"
DefaultRuntimeDir "$dir"
ErrorLog "$dir/error.log"
TypesConfig /etc/mime.types
Listen 127.0.0.1:$port
CONF
    close $out;
    unlink "$dir/error.log";
    my $wrap   = "$ENV{KUJI_SRC}/t/lib/httpd-wrap";
    my $output = qx(timeout $wait $wrap -f $dir/httpd.conf @arguments 2>&1);
    my $status = $?;
    $output .= slurp_file("$dir/error.log") if -f "$dir/error.log";
    return ($status, $output);
}

# Syntax: what `apachectl configtest` says.
my $mount = "<Location />\nKuji On\n</Location>\n";
for my $case (
    [ 'a mount',             $mount ],
    [ 'Off alone',           "<Location /x>\nKuji Off\n</Location>\n" ],
    [ 'all at once',         <<'CONF' ],
KujiDatabase "dbname=x"
KujiDatabasePool 0 4 10 500
KujiKeyFile keys
KujiTemplateDir templates
KujiTemplateOverride mine
KujiQueueLength 128
KujiDrawTimeout 500ms
KujiBatchMax 200
KujiCommitters 2
KujiTenant sakura-1
KujiMetrics local
CONF
    [ 'no place',            "Kuji On\n",                    'not allowed' ],
    [ 'a directory',         "<Directory />\nKuji On\n</Directory>\n",
                                                             'Location' ],
    [ 'a pattern',           "<LocationMatch ^/x>\nKuji On\n</LocationMatch>\n",
                                                             'plain path' ],
    [ 'a wildcard',          "<Location /x*>\nKuji On\n</Location>\n",
                                                             'plain path' ],
    [ 'Tenant in capitals',  "KujiTenant Sakura\n",          'a-z' ],
    [ 'long Tenant',         'KujiTenant ' . 'x' x 64 . "\n", '63' ],
    [ 'Metrics',             "KujiMetrics maybe\n",          'Off, Local' ],
    [ 'Pool of two',         "KujiDatabasePool 1 2\n",       'min keep max' ],
    [ 'Pool upside down',    "KujiDatabasePool 9 4 10 500\n", 'min <= keep' ],
    [ 'Queue 0',             "KujiQueueLength 0\n",          '1 to 100000' ],
    [ 'Queue text',          "KujiQueueLength many\n",       '1 to 100000' ],
    [ 'Timeout of an hour',  "KujiDrawTimeout 1h\n",         '100ms to 30s' ],
    [ 'Timeout of nothing',  "KujiDrawTimeout 0\n",          '100ms to 30s' ],
    [ 'roles',               "<Location /x>\nAuthType Kuji\nAuthName x\n"
        . "Require kuji-role owner editor staff viewer\n</Location>\n" ],
    [ 'our passwords',       "<Location /x>\nAuthType Basic\nAuthName x\nAuthBasicProvider kuji\n"
        . "Require kuji-role viewer\n</Location>\n" ],
    [ 'a role misspelt',     "<Location /x>\nRequire kuji-role owner king\n</Location>\n",
                                                             'king is no role' ],
    [ 'no role',             "<Location /x>\nRequire kuji-role\n</Location>\n",
                                                             'which role' ],
    [ 'in a virtual host',
        "<VirtualHost *:1>\nKujiDatabase x\n</VirtualHost>\n", 'VirtualHost' ])
{
    my ($name, $conf, $says) = @$case;
    my ($status, $output) = httpd($conf, '-t');
    if ($says) {
        isnt $status, 0, "$name: refused";
        like $output, qr/\Q$says\E/, "$name: says why";
    }
    else {
        is $status, 0, "$name: accepted" or diag $output;
    }
}

# Start: each ends with one line that says why.
my $keys = "$dir/keys";
sub write_keys {
    my ($text, $mode) = @_;
    unlink $keys;
    open my $out, '>', $keys or die $!;
    print $out $text;
    close $out;
    chmod $mode, $keys;
    return;
}
my $good = slurp_file($ENV{KUJI_TEST_KEYS});
my $base = qq(KujiDatabase "dbname=nobody"\nKujiKeyFile $keys\n)
    . qq(KujiTemplateDir $ENV{KUJI_DATA}/templates\n$mount);

sub refuses {
    my ($name, $conf, $says) = @_;
    my ($status, $output) = httpd($conf, '-DFOREGROUND');
    isnt $status, 0, "$name: no start";
    like $output, $says, "$name: says why";
    return;
}
refuses('no database', "KujiKeyFile $keys\n$mount", qr/needs KujiDatabase/);
refuses('no key file', "KujiDatabase x\n$mount",    qr/needs KujiKeyFile/);
unlink $keys;
refuses('absent', $base, qr/KujiKeyFile \S+: No such file/);
for my $mode (0644, 0640, 0604, 0620) {
    write_keys($good, $mode);
    refuses(sprintf('mode %04o', $mode), $base, qr/its mode must be 0600/);
}
for my $bad ('', "kuji-keys 2\n", "kuji-keys 1\nmaster 1 00\n") {
    write_keys($bad, 0600);
    refuses('no keys of ours', $base, qr/KJ0201: KujiKeyFile/);
}
mkdir "$dir/folder";
chmod 0600, "$dir/folder";
refuses('a folder', $base =~ s/\Q$keys\E/$dir\/folder/r, qr/KJ0201: KujiKeyFile/);
write_keys($good, 0600);
symlink $keys, "$dir/link";
refuses('a link', $base =~ s/\Q$keys\E/$dir\/link/r, qr/KJ0201: KujiKeyFile/);
refuses('no templates', $base =~ s/TemplateDir .*/TemplateDir $dir\/none/r,
    qr/KJ0201/);
refuses('pool too small',
    "$base\nKujiDatabasePool 0 1 2 100\nKujiCommitters 2\n",
    qr/above KujiCommitters/);

# Good keys: it runs until it is stopped; no log ever holds a key.
my ($status, $output) = httpd($base, 8, '-DFOREGROUND');
like $output, qr/AH00489: .* resuming normal operations/, 'good keys start';
unlike $output, qr/KJ0201/, 'without a word';
my ($secret) = $good =~ /^master \d+ ([0-9a-f]{64})$/m;
unlike $output, qr/$secret/, 'and without the key';

done_testing;
