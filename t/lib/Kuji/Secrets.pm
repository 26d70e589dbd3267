# Looking for secrets where they must not be: in files, as bytes and in every
# way that bytes get written down.
#
# SPDX-License-Identifier: Apache-2.0
package Kuji::Secrets;

use strict;
use warnings;
use Exporter 'import';
use File::Find   ();
use MIME::Base64 ();

our @EXPORT_OK = qw(forms_of pattern_of files_below find_in);

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

# One pattern for many secrets (bytes => name): finds any form of any, and a
# table that tells which it was.
sub pattern_of {
    my ($secrets) = @_;
    my %what;
    for my $bytes (keys %$secrets) {
        my $forms = forms_of($bytes);
        # Sorted: what looks the same in two forms has the first one's name.
        $what{ $forms->{$_} } //= "$secrets->{$bytes} ($_)" for sort keys %$forms;
    }
    my $any = join '|', map { quotemeta } sort keys %what;
    return { regex => qr/($any)/, what => \%what };
}

# Every plain file below the directories.
sub files_below {
    my (@directories) = @_;
    my @files;
    File::Find::find({ no_chdir => 1, wanted => sub { push @files, $_ if -f } },
        grep { -e } @directories);
    return sort @files;
}

# Which secrets are in a file: names with their forms, sorted. Files of any
# size: pieces overlap by more than the longest form.
sub find_in {
    my ($pattern, $name) = @_;
    my ($held, %found) = ('');
    open my $file, '<:raw', $name or return;    # gone meanwhile
    while (read $file, my $piece, 1 << 22) {
        $held .= $piece;
        $found{ $pattern->{what}{$1} } = 1 while $held =~ /$pattern->{regex}/g;
        $held = substr $held, -512 if length $held > 512;
    }
    return sort keys %found;
}

1;
