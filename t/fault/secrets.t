#!/usr/bin/perl
# Before a campaign's close its seed, its K, its tenant's data key and the
# master key are in no dump, no file of the database (the WAL included) and no
# log. How that would look is shown first, with a secret that was planted.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use MIME::Base64 ();
use Test::More;
use Time::HiRes qw(time);
use Kuji::Secrets qw(forms_of needles_of files_below find_in);
use Kuji::Test;

my $scratch = $ENV{KUJI_SCRATCH};
my ($data) = sql('SHOW data_directory');
my @logs = ("$scratch/pg.log", "$scratch/httpd.log", "$ENV{KUJI_SRC}/t/logs");

# The tables as every kind of backup would have them.
sub dumps {
    my @names;
    for my $format (qw(plain tar)) {
        my $name = "$scratch/dump.$format";
        system 'pg_dump', '-Z0', '-F', $format, '-f', $name, 'kuji';
        is $?, 0, "pg_dump, $format";
        push @names, $name;
    }
    system "pg_dumpall > '$scratch/dump.all'";
    is $?, 0, 'pg_dumpall';
    return @names, "$scratch/dump.all";
}

# Everything there is to look through, by kind.
sub places {
    sql('CHECKPOINT');
    my %places = (dump => [ dumps() ], log => [ files_below(@logs) ]);
    for my $name (files_below($data)) {
        push @{ $places{ $name =~ m{/pg_wal/} ? 'wal' : 'data' } }, $name;
    }
    return \%places;
}

# Found: kind => the forms in which it was.
sub search {
    my ($places, $needles) = @_;
    return { map { $_ => [ find_in($needles, @{ $places->{$_} }) ] } keys %$places };
}

sub random_bytes {
    return join '', map { chr int rand 256 } 1 .. $_[0];
}

# Each form is found, at any place of a file, across the borders of what is
# read at once too, among thousands of secrets; and its like is not.
{
    my ($secret, $forms, %texts);
    do {    # one whose forms all look different
        $secret = random_bytes(32);
        $forms  = forms_of($secret);
        %texts  = reverse %$forms;
    } while keys %texts < keys %$forms;
    my %many    = map { random_bytes(32) => "other $_" } 1 .. 3000;
    my $needles = needles_of({ %many, $secret => 'secret' });
    my $file    = "$scratch/planted";
    my $write   = sub {
        open my $out, '>:raw', $file or die $!;
        print $out @_;
        close $out or die $!;
        return [ find_in($needles, "$scratch/none", $file) ];
    };
    my @places = (0, 1, 4093, (4 << 20) - 1, (8 << 20) - 20);
    for my $form (sort keys %$forms) {
        my $text = $forms->{$form};
        is_deeply [ map { @{ $write->(random_bytes(1) x $_, $text, random_bytes($_ % 2)) } } @places ],
            [ ("secret ($form)") x @places ], "$form: found wherever it is";
        substr($text, -1) = chr(1 ^ ord substr $text, -1);
        is_deeply $write->($text), [], "$form: its like is not";
    }
    # As programs write it, whatever stands around it.
    for my $around (0 .. 5) {
        my $written = MIME::Base64::encode_base64(random_bytes($around) . $secret . random_bytes(5 - $around), '');
        my $n = $around % 3;
        is_deeply $write->($written, "\n", $written =~ tr{+/}{-_}r), [ "secret (base64+$n)", "secret (base64url+$n)" ],
            "base64 after $around bytes";
    }
    unlink $file;
}

# A campaign of every method, with draws where draws are decided at once.
for my $method (qw(odds box moment raffle)) {
    my $slug = campaign({ method => $method });
    is draw($slug)->{status}, 201, "a draw, $method" for 1 .. 3;
}

# The secrets of all that are open, by way of the key file, which the database
# never sees.
my @rows = sql(q{SELECT concat_ws(' ', t.id, encode(t.data_key, 'hex'), c.uuid,
                                  encode(s.seed, 'hex'), encode(s.key, 'hex'))
                   FROM kuji.campaign c JOIN kuji.tenant t ON t.id = c.tenant_id
                   JOIN kuji.campaign_secret s ON s.campaign_id = c.id
                  WHERE c.status IN ('published', 'paused')});
cmp_ok scalar @rows, '>=', 4, 'campaigns that are open';
my $rows = "$scratch/sealed";
open my $out, '>', $rows or die $!;
print $out "$_\n" for @rows;
close $out or die $!;
my %secrets;
for (split /\n/, `unseal '$ENV{KUJI_TEST_KEYS}' < '$rows'`) {
    my ($name, $hex) = split / /;
    $secrets{ pack 'H*', $hex } = $name;
}
my %kinds;
$kinds{$_}++ for values %secrets;
is $kinds{seed}, scalar @rows, 'a seed each';
is $kinds{K},    scalar @rows, 'a K each';
ok $kinds{master} && $kinds{data}, 'a master key, a data key';

# Planted: as a row, raw and written down; in the logs.
my $planted = random_bytes(32);
my $forms   = forms_of($planted);
my $hex     = $forms->{hex};
sql(qq{CREATE TABLE public.planted AS
       SELECT '\\x$hex'::bytea AS raw, 'x' || encode('\\x41$hex', 'base64') AS written});
sql(qq{SET client_min_messages = error; DO \$\$BEGIN RAISE WARNING 'planted %', decode('$hex', 'hex'); END\$\$});
open my $log, '>>', "$scratch/httpd.log" or die $!;
print $log "planted $forms->{url} $forms->{'base64url+0'}\n";
close $log or die $!;

my $places = places();
cmp_ok scalar @{ $places->{$_} }, '>=', 1, "there is $_ to look through" for qw(dump wal data log);
my $control = search($places, needles_of({ $planted => 'planted' }));
is_deeply $control->{dump}, [ 'planted (base64+1)', 'planted (hex)' ], 'planted, it is found in the dumps';
ok((grep { $_ eq "planted (raw)" } @{ $control->{$_} }), "planted, it is found raw: $_") for qw(wal data);
ok((grep { $_ eq "planted (hex)" } @{ $control->{log} }), 'planted, it is found in a log in hex');
is scalar(grep { /^planted \((?:url|base64(?:url)?\+0)\)$/ } @{ $control->{log} }), 2, 'and as URLs have it';

my $begun = time;
my $found = search($places, needles_of(\%secrets));
note sprintf '%d secrets in %d MB: %.1f s', scalar keys %secrets,
    eval { my $n = 0; $n += -s $_ // 0 for map { @$_ } values %$places; $n } / 1e6, time - $begun;
is_deeply $found->{$_}, [], "no secret before the close: $_" for qw(dump wal data log);

sql('DROP TABLE public.planted');
unlink $rows, "$scratch/dump.plain", "$scratch/dump.tar", "$scratch/dump.all";
done_testing;
