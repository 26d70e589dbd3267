#!/usr/bin/perl
# httpd stops cleanly, and its log holds nothing that no test announced.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;

my $stopped = `$^X t/TEST -stop-httpd 2>&1`;
is $?, 0, 'httpd stopped' or diag $stopped;

my @expected;
if (open my $file, '<', "$ENV{KUJI_SCRATCH}/expected-log") {
    chomp(@expected = <$file>);
}
# What httpd itself says at every start and stop.
push @expected, 'AH00489|AH00094|AH00491|AH00492|AH00558';

my $trouble = qr{:(?:warn|error|crit|alert|emerg)\]|exit\ signal|
    AddressSanitizer|LeakSanitizer|runtime\ error:}x;
open my $log, '<', 't/logs/error_log' or die "t/logs/error_log: $!";
my ($lines, @unexpected) = (0);
while (my $line = <$log>) {
    $lines++;
    next unless $line =~ $trouble;
    push @unexpected, $line unless grep { $line =~ /$_/ } @expected;
}
is scalar @unexpected, 0, 'no line in the error log that no test announced'
    or diag @unexpected > 20 ? @unexpected[ 0 .. 19 ] : @unexpected;
cmp_ok $lines, '>', 0, 'there was a log';

my $crashes = () = do {
    open my $file, '<', "$ENV{KUJI_SCRATCH}/pg.log" or die "pg.log: $!";
    grep { /PANIC|terminated by signal/ } <$file>;
};
is $crashes, 0, 'PostgreSQL did not crash';

done_testing;
