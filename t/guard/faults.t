#!/usr/bin/perl
# Each fault of the stand-in of LINE's servers is used by a test, for log-ins
# and for messages: whatever t/lib/line/faults.py can do stands in this table,
# or is said to be nothing for one of them.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Kuji::Source qw(slurp);

my %file = (
    login  => 't/participant/line_faults.t',
    liff   => 't/participant/liff.t',
    outbox => 't/job/line_outbox.t',
    faults => 't/job/line_faults.t',
    hook   => 't/participant/hook_line.t',
    client => 't/remote/line.t',
);

# fault => [ what of log-ins uses it, what of messages does ]: file => pattern.
my %used = (
    delay      => [ [ login => qr/\[ 'delay', +303/ ],       [ faults => qr/\$push, 'delay'/ ] ],
    drop       => [ [ login => qr/\[ 'drop', +503 \]/ ],     [ faults => qr/\$push, 'drop'\)/ ] ],
    drop_after => [ [ login => qr/\[ 'drop_after', 503 \]/ ], [ outbox => qr/\$push, 'drop_after'/ ],
        [ hook => qr/reply', 'drop_after'/ ] ],
    duplicate  => [ [ login => qr/\[ 'duplicate', +400 \]/ ], [ faults => qr/\$push, 'duplicate'/ ],
        [ hook => qr/parallel\(/ ] ],
    'status 429' => [ [ login => qr/'status', +503, status => 429/ ], [ outbox => qr/\$push, 'status', status => 429/ ] ],
    'status 500' => [ [ login => qr/'status', +503, status => 500/ ], [ outbox => qr/\$push, 'status', status => 500/ ] ],
    garbage    => [ [ login => qr/\[ 'garbage', +503 \]/ ],  [ outbox => qr/\$push, 'garbage'/ ] ],
    trickle    => [ [ login => qr/\[ 'trickle', +503, seconds/ ], [ outbox => qr/\$push, 'trickle'/ ] ],
    hang       => [ [ login => qr/\[ 'hang', +503, seconds/ ], [ outbox => qr{'/v2/bot/', 'hang'} ] ],
    'wrong signature' => [ [ login => qr/'login\.forged' => 1/ ], [ client => qr/another signature/ ],
        [ liff => qr/another signature/ ], [ hook => qr/403, 'another signature'/ ] ],
    'rotated key' => [ [ login => qr/a rotated secret/ ], [ liff => qr/rotate => 0/ ], [ faults => qr/rotated: the new one does/ ] ],
);

# What only payments need.
my %of_payments = (hold => [ 't/fault/payment.t', qr/'hold'/ ]);
like slurp($of_payments{$_}[0]), $of_payments{$_}[1], "$_: payments" for sort keys %of_payments;

my ($kinds) = slurp('t/lib/line/faults.py') =~ /KINDS = \(([^)]*)\)/;
my %can = map { $_ => 1 } ($kinds // '') =~ /"(\w+)"/g;
my %in_table = map { /^(\w+)/ => 1 } grep { !/wrong signature|rotated key/ } keys %used, keys %of_payments;
is_deeply \%in_table, \%can, 'the table has what the stand-in can do';

my %is_message = map { $_ => 1 } qw(outbox faults hook);
for my $fault (sort keys %used) {
    my %side;
    for my $use (@{ $used{$fault} }) {
        my ($file, $pattern) = @$use;
        like slurp($file{$file}), $pattern, "$fault: $file{$file}";
        $side{ $is_message{$file} ? 'messages' : 'log-ins' }++;
    }
    is join(' ', sort keys %side), 'log-ins messages', "$fault: on both sides";
}

done_testing;
