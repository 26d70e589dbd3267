#!/usr/bin/perl
# What the code says to programs, the console says to people: every action of
# the audit log and every state of a claim has its words, and so has every
# reason that an admin's form can be refused for.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use JSON::PP ();
use Kuji::Source qw(root slurp);

my %texts = map { $_ => JSON::PP->new->decode(slurp("templates/locale/$_.json")) } qw(ja en);

sub lacks {
    my (@names) = @_;
    my @lacking;
    for my $language (sort keys %texts) {
        for my $name (@names) {
            my $at = $texts{$language};
            $at = ref $at eq 'HASH' ? $at->{$_} : undef for split /\./, $name;
            push @lacking, "$language: $name" if !defined $at || ref $at;
        }
    }
    return \@lacking;
}

# Files of the store without comments, adjacent literals joined.
sub code_of {
    my ($path) = @_;
    my $code = slurp($path);
    $code =~ s{/\*.*?\*/}{}gs;
    $code =~ s/"\s*\n\s*"//g;
    return $code;
}
my %code = map { my $path = $_; $path =~ s{^\Q@{[ root() ]}\E/}{}; ($path => code_of($path)) }
    glob(root() . '/store/*.c');

# The audit log: `"thing.what"`, in files that write it.
my ($names) = slurp('core/claim.c') =~ /states\[KUJI_CLAIM_LAST\] = \{(.*?)\}/s
    or die 'the names of claims\' states';
my @states = $names =~ /"(\w+)"/g;
is scalar @states, 7, 'the states of a claim';
my %action = map { ("claim.$_" => 1) } grep { $_ ne 'won' } @states;
for my $path (grep { $code{$_} =~ /kuji_audit_add|kuji_event__append|kuji_event__finish/ } sort keys %code) {
    $action{$_} = 1 for $code{$path} =~ /"((?:admin|campaign|claim|codes|gift|image|person|retention|tenant|theme|token|[a-z]+)\.[a-z_]+)"/g;
}
$action{$_} = 1 for slurp('store/audit.h') =~ /#define KUJI_AUDIT_\w+ "([a-z.]+)"/g;
delete @action{ grep { /\.(?:c|h|example|json)$/ } keys %action };
cmp_ok scalar keys %action, '>', 40, 'the actions were found';
is_deeply lacks(map { "admin.audit.action.$_" } sort keys %action), [], 'every action has its words';
is_deeply lacks(map { my $s = $_; map { "$_.$s" } qw(admin.claims.state admin.export.claim_state admin.figures.claim) } @states),
    [], 'so has every state of a claim';

# Reasons of what the console's forms call.
my %known = slurp('web/admin/reason.c') =~ s/"\s*\n\s*"//gr =~ /\{"([^"]+)",\s*"(\w+)"\}/g;
my $hindrance = code_of('core/hindrance.c');
my $all = join "\n", values %code, $hindrance, map { code_of($_) } 'core/payment.c', 'job/payer.c';
is_deeply [ grep { index($all, "\"$_\"") < 0 } sort keys %known ], [], 'no reason is known that nobody gives';
is_deeply lacks(map { "admin.why.$_" } sort values %known), [], 'each has its words';
my %for_programs = map { $_ => 1 } 'the change must be a JSON object', "the campaign's configuration cannot be read";
my @files = map { "store/$_.c" }
    qw(append campaign campaign_console campaign_edit close code code_batch event publish raffle substitute);
my ($sentences) = $hindrance =~ /sentences\[\] = \{(.*?)\}/s or die 'what hinders a publication';
my @given = ($sentences =~ /"([^"]+)"/g, map { /"([^"]{8,})"/g } map { $code{$_} =~ /(?:\bwhy = |\brefuse\(\w+, )([^;]+);/g } @files);
cmp_ok scalar @given, '>', 30, 'the reasons were found';
is join("\n", grep { !$known{$_} && !$for_programs{$_} } @given), '', 'every reason is known';

done_testing;
