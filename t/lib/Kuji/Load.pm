# The load generator (t/fault/load.c) around a Kuji::Site, and the judgement
# afterwards: what was acknowledged, held against the database.
#
# SPDX-License-Identifier: Apache-2.0
package Kuji::Load;

use strict;
use warnings;
use Exporter 'import';
use JSON::PP   ();
use Test::More ();

our @EXPORT = qw(draw_load get_load summary replay ledger_ok);

my $json = JSON::PP->new->utf8;

sub start {
    my ($site, $mode, %o) = @_;
    my $out = "$site->{dir}/load." . ++$site->{loads};
    my @words = ($mode, '-P', $site->{port}, '-H', $o{host} // 'fault.test',
        '-c', $o{connections} // 32, '-s', $o{seconds} // 5, '-u', $o{path},
        '-w', $o{wait_ms} // 0, '-g', $o{grace} // 30);
    push @words, '-t', $o{token} // $site->{token}, '-o', $o{log},
        '-k', "k$site->{loads}" if $o{log};
    my $pid = fork // die $!;
    if (!$pid) {
        open STDOUT, '>', $out or die $!;
        exec 'kuji-fault-load', @words;
        exit 127;
    }
    return {%o, pid => $pid, out => $out, site => $site};
}

# draw_load(SITE, SLUG, seconds, connections, grace): draws in the background;
# summary() waits for its end.
sub draw_load {
    my ($site, $slug, %o) = @_;
    return start($site, 'draw', %o, slug => $slug,
        path => "/api/v1/campaigns/$slug/draws",
        log  => $o{log} // "$site->{dir}/log.$slug");
}

sub get_load {
    my ($site, $path, %o) = @_;
    return start($site, 'get', %o, path => $path);
}

sub summary {
    my ($load) = @_;
    waitpid $load->{pid}, 0;
    open my $file, '<', $load->{out} or die $!;
    local $/;
    return $json->decode(scalar <$file>);
}

# Asks for every acknowledged key again: 200 and the same draw for each.
sub replay {
    my ($load) = @_;
    my $again = start($load->{site}, 'replay', path => $load->{path},
        log => $load->{log}, connections => 16);
    return summary($again);
}

# The whole judgement after a load, in one subtest: $sum is its summary.
sub ledger_ok {
    my ($load, $sum, $name) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return Test::More::subtest($name => sub {
        Test::More::cmp_ok($sum->{acked}, '>', 50, "draws went on: $sum->{acked}");
        Test::More::is($sum->{refused}, 0, 'no answer but 201, 200 and 503')
            or Test::More::diag(first_refused($load));
        Test::More::is($sum->{unknown}, 0, 'every key got its answer in the end');
        acknowledged_ok($load, $sum);
        counts_ok($load, $sum);
        my $again = replay($load);
        Test::More::is($again->{repeated}, $sum->{acked},
            'each key again: the same draw');
        my $verify = verify($load);
        Test::More::is($verify->{code}, 0, 'kuji-verify replays the ledger')
            or Test::More::diag($verify->{output});
    });
}

sub first_refused {
    my ($load) = @_;
    open my $file, '<', $load->{log} or return '';
    my @lines = grep { /^X/ } <$file>;
    return join '', @lines[0 .. ($#lines < 4 ? $#lines : 4)];
}

# Each acknowledged leaf is at its index, byte for byte, and is its n's.
sub acknowledged_ok {
    my ($load, $sum) = @_;
    my $pg = $load->{site}{pg};
    open my $in, '<', $load->{log} or die $!;
    open my $out, '>', "$load->{log}.acked" or die $!;
    while (<$in>) {
        my ($kind, $key, undef, undef, $n, $i, $leaf) = split /[\t\n]/;
        print $out join("\t", $n, $i, $leaf), "\n" if $kind eq 'A';
    }
    close $out or die $!;
    my $found = $pg->sql(<<"SQL");
CREATE TEMP TABLE acked (n bigint, i bigint, leaf text);
COPY acked FROM '$load->{log}.acked';
SELECT count(*) || ' ' || count(DISTINCT a.n) FROM acked AS a
  JOIN kuji.campaign AS c ON c.slug = '$load->{slug}'
  JOIN kuji.draw AS d ON d.campaign_id = c.id AND d.n = a.n AND d.i = a.i
  JOIN kuji.ledger AS l ON l.campaign_id = c.id AND l.i = a.i
                       AND l.leaf = a.leaf;
SQL
    return Test::More::is($found, "$sum->{acked} $sum->{acked}",
        'every acknowledged draw is in the database, unchanged, once');
}

# n gapless, one draw a participant (each key has its own), sums right.
sub counts_ok {
    my ($load, $sum) = @_;
    my ($draws, $gapless, $most, $sums, $units) = split /\|/,
        $load->{site}{pg}->sql(<<"SQL");
SELECT count(*), min(d.n) = 1 AND max(d.n) = count(*) AND c.next_n = count(*) + 1
           AND c.size = (SELECT count(*) FROM kuji.ledger WHERE campaign_id = c.id),
       (SELECT max(draws) FROM kuji.participant WHERE campaign_id = c.id),
       (SELECT sum(awarded) = (SELECT count(*) FROM kuji.claim
                                WHERE campaign_id = c.id)
          FROM kuji.prize WHERE campaign_id = c.id),
       (SELECT bool_and(awarded + units_left = declared + added AND units_left >= 0)
          FROM kuji.prize WHERE campaign_id = c.id)
  FROM kuji.campaign AS c JOIN kuji.draw AS d ON d.campaign_id = c.id
 WHERE c.slug = '$load->{slug}' GROUP BY c.id
SQL
    my $more = $load->{extra} // 0;
    Test::More::is($draws, $sum->{acked} + $more, 'as many draws as keys answered');
    Test::More::is($gapless, 't', 'n has no gap, the ledger its size');
    Test::More::is($most, 1, 'never two draws for one key');
    Test::More::is($sums, 't', 'a claim for each unit awarded');
    return Test::More::is($units, 't', 'never a unit too many');
}

sub verify {
    my ($load) = @_;
    my $site = $load->{site};
    my %r = (output => '');
    open my $pipe, '-|', "kuji-verify 'http://127.0.0.1:$site->{port}/k/"
        . "$load->{slug}' 2>&1" or die $!;
    $r{output} = join '', <$pipe>;
    close $pipe;
    $r{code} = $? >> 8;
    return \%r;
}

1;
