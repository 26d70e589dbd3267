# Many draws at once, written by SQL as a batch would have left them, for what
# has to read a lot: every third one is a win of the campaign's first prize.
#
#   fill($slug, 100_000);
#
# SPDX-License-Identifier: Apache-2.0
package Kuji::Fill;

use strict;
use warnings;
use Exporter 'import';
use Kuji::Test qw(sql);

our @EXPORT = qw(fill);

# The campaign is new and without draws; its ledger does not replay.
sub fill {
    my ($slug, $count) = @_;
    my $wins = int($count / 3);
    sql(<<"SQL");
WITH c AS (SELECT c.id, c.tenant_id, p.code
             FROM kuji.campaign c JOIN kuji.prize p ON p.campaign_id = c.id AND p.pos = 0
            WHERE c.slug = '$slug'),
     l AS (INSERT INTO kuji.ledger (campaign_id, i, tenant_id, leaf)
           SELECT c.id, g, c.tenant_id,
                  format('{"i":%s,"kind":"draw","n":%s,"prize":%s,"t":%s,"who":"%s"}', g, g,
                         CASE WHEN g % 3 = 0 THEN '"' || c.code || '"' ELSE 'null' END,
                         1800000000000 + g, encode(sha256(g::text::bytea), 'hex'))
             FROM c, generate_series(1, $count) g),
     d AS (INSERT INTO kuji.draw (campaign_id, n, tenant_id, i, first_n, count)
           SELECT c.id, g, c.tenant_id, g, g, 1 FROM c, generate_series(1, $count) g),
     w AS (INSERT INTO kuji.claim (campaign_id, n, tenant_id, pos, updated_at)
           SELECT c.id, g, c.tenant_id, 0, 1800000000000 FROM c, generate_series(3, $count, 3) g),
     p AS (UPDATE kuji.prize SET awarded = $wins, units_left = units_left - $wins
            WHERE campaign_id = (SELECT id FROM c) AND pos = 0)
UPDATE kuji.campaign SET next_n = $count + 1, size = $count + 1 WHERE id = (SELECT id FROM c)
SQL
    return;
}

1;
