# Looking for secrets where they must not be: in files, as bytes and in every
# way that bytes get written down.
#
# SPDX-License-Identifier: Apache-2.0
package Kuji::Secrets;

use strict;
use warnings;
use Exporter 'import';
use File::Find   ();
use File::Temp   ();
use MIME::Base64 ();

our @EXPORT_OK = qw(forms_of needles_of files_below find_in);

# The written forms of a secret's bytes: name => text. Base64 depends on what
# stands before, hence three; their ends, which depend on the neighbours, are
# cut off.
sub forms_of {
    my ($bytes) = @_;
    my %forms = (
        raw  => $bytes,
        hex  => unpack('H*', $bytes),
        HEX  => uc unpack('H*', $bytes),
        octal => join('', map { sprintf '\\%03o', ord } split //, $bytes),
        url   => join('', map { sprintf '%%%02X', ord } split //, $bytes),
        c     => join('', map { sprintf '\\x%02x', ord } split //, $bytes),
        json  => join('', map { sprintf '\\u%04x', ord } split //, $bytes),
    );
    for my $before (0 .. 2) {
        my $text = MIME::Base64::encode_base64(("\0" x $before) . $bytes . "\0\0\0", '');
        my $cut = substr $text, $before ? 4 : 0, 36;
        $forms{"base64+$before"} = $cut;
        ($forms{"base64url+$before"} = $cut) =~ tr{+/}{-_};
    }
    return \%forms;
}

# Many secrets (bytes => name) to be looked for, in every form: a file for the
# program needles, gone with the object.
sub needles_of {
    my ($secrets) = @_;
    my %what;
    for my $bytes (keys %$secrets) {
        my $forms = forms_of($bytes);
        # Sorted: what looks the same in two forms has the first one's name.
        $what{ $forms->{$_} } //= "$secrets->{$bytes} ($_)" for sort keys %$forms;
    }
    my $file = File::Temp->new(UNLINK => 1);
    print $file unpack('H*', $_), " $what{$_}\n" for keys %what;
    close $file or die "$file: $!";
    return $file;
}

# Every plain file below the directories.
sub files_below {
    my (@directories) = @_;
    my @files;
    File::Find::find({ no_chdir => 1, wanted => sub { push @files, $_ if -f } },
        grep { -e } @directories);
    return sort @files;
}

# Which of them are in the files: names with their forms, sorted.
sub find_in {
    my ($needles, @files) = @_;
    my $list = File::Temp->new(UNLINK => 1);
    print $list "$_\n" for @files;
    close $list or die "$list: $!";
    open my $pipe, '-|', "needles '$needles' < '$list'" or die "needles: $!";
    my %found = map { (split /[\t\n]/)[1] => 1 } <$pipe>;
    close $pipe or die 'needles: ' . ($? >> 8);
    return sort keys %found;
}

1;
