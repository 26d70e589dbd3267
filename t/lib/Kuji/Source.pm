# The project's own sources, as the guards read them.
#
# SPDX-License-Identifier: Apache-2.0
package Kuji::Source;

use strict;
use warnings;
use Exporter 'import';
use File::Find ();
use FindBin    ();

our @EXPORT_OK = qw(root files c_files slurp code_lines literals);

# Top of the source tree: t/guard/../..
sub root {
    return $ENV{KUJI_SRC} // "$FindBin::Bin/../..";
}

# Paths below the root whose name matches, sorted. What git ignores and what
# others wrote (vectors, fonts) is left out.
sub files {
    my ($pattern) = @_;
    my ($root, @found) = (root());
    File::Find::find(
        {
            no_chdir => 1,
            wanted   => sub {
                my $name = s{^\Q$root\E/?}{}r;
                if (-d && $name =~ m{(?:^|/)(?:\.git|var|node_modules|m4|
                        autom4te\.cache|vectors|vendor|seeds|logs|\.deps|\.libs)$}x) {
                    $File::Find::prune = 1;
                    return;
                }
                # Apache::Test leaves its own notes beside our configuration.
                return if $name =~ m{^t/conf/(?!.*\.in$)};
                push @found, $name if -f && $name =~ $pattern;
            },
        },
        $root
    );
    return sort @found;
}

# Our C files; the generated query table is not ours to read.
sub c_files {
    return grep { !m{^sql/queries\.} } files(qr/\.[ch]$/);
}

sub slurp {
    my ($name) = @_;
    open my $file, '<:encoding(UTF-8)', root() . "/$name"
        or die "$name: $!";
    local $/;
    return scalar <$file>;
}

# The text with comments blanked out, so that line numbers stay.
sub code_lines {
    my ($text) = @_;
    $text =~ s{("(?:[^"\\\n]|\\.)*")|(/\*.*?\*/|//[^\n]*)}
              {defined $1 ? $1 : $2 =~ s/[^\n]//gr}gesx;
    return split /\n/, $text, -1;
}

# String literals of C code, neighbours joined as the compiler joins them.
sub literals {
    my $code = join "\n", code_lines($_[0]);
    $code =~ s/^\s*#\s*include[^\n]*$//gm;
    my @found;
    while ($code =~ /((?:"(?:[^"\\\n]|\\.)*"\s*)+)/g) {
        push @found, $1 =~ s/"\s*"//gr =~ s/^"|"\s*$//gr;
    }
    return @found;
}

1;
