# The known campaigns of t/vectors, as files for kuji-verify.
#
# SPDX-License-Identifier: Apache-2.0
package Kuji::Vectors;

use strict;
use warnings;
use Cwd      ();
use Exporter 'import';
use File::Basename qw(dirname);
use File::Temp     qw(tempdir);
use JSON::PP       ();

our @EXPORT = qw(campaign_dir put_file vectors verify);

my $root = Cwd::abs_path(dirname(__FILE__) . '/../../..');

sub vectors {
    my ($name) = @_;
    open my $in, '<:raw', "$root/t/vectors/$name" or die "$name: $!";
    local $/;
    return JSON::PP->new->utf8->decode(scalar <$in>);
}

sub put_file {
    my ($file, $text) = @_;
    utf8::encode($text) if utf8::is_utf8($text);
    open my $out, '>:raw', $file or die "$file: $!";
    print $out $text or die "$file: $!";
    close $out or die "$file: $!";
    return $file;
}

# A new directory with the campaign's public files; any field of the campaign
# may be given anew.
sub campaign_dir {
    my ($campaign, %instead) = @_;
    my %c   = (%$campaign, %instead);
    my $dir = tempdir(CLEANUP => 1);
    put_file("$dir/manifest.json", $c{manifest});
    put_file("$dir/ledger.jsonl",
        join '', map { "$_\n" } $c{first} // $c{manifest}, @{ $c{leaves} });
    put_file("$dir/checkpoint", $c{checkpoint}) if defined $c{checkpoint};
    put_file("$dir/key",        "$c{vkey}\n")   if defined $c{vkey};
    return $dir;
}

# Runs kuji-verify; its exit status, standard output and standard error.
sub verify {
    my (@arguments) = @_;
    my $error = File::Temp->new;
    my $pid   = open my $pipe, '-|';
    die "fork: $!" unless defined $pid;
    if (!$pid) {
        open STDERR, '>&', $error or die "dup: $!";
        exec 'kuji-verify', @arguments or exit 99;
    }
    local $/;
    my $output = <$pipe>;
    close $pipe;
    my $status = $? >> 8;
    seek $error, 0, 0;
    return ($status, $output // '', scalar(<$error>) // '');
}

1;
