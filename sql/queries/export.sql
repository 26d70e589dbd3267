-- Reading what an export writes, page by page (store/export*.c). Each page is a
-- short transaction of its own: one long snapshot would keep every old version
-- of a hot campaign's row alive for as long as a client takes to download.
-- OFFSET 0 as in draw.sql: each row by its key, whatever the statistics say.

-- Times read as in $1; the page's statement may take long where a filter finds
-- little.
-- :name export_frame
SELECT set_config('TimeZone', $1::text, true),
       set_config('transaction_read_only', 'on', true),
       set_config('statement_timeout', '300s', true);
-- What there is at the start is what the export has: later draws are not in it.
-- :name export_audit_last
SELECT coalesce(max(seq), 0) FROM kuji.audit WHERE tenant_id = $1::uuid;

-- The draws between the times $2 and $3 (either may be null), of $4 draws: the
-- number before the first, and the last. Numbers and times ascend together.
-- :name export_span
SELECT CASE WHEN $2::int8 IS NULL THEN 0 ELSE kuji_api.draw_at($1::int8, $2::int8) - 1 END,
       CASE WHEN $3::int8 IS NULL THEN $4::int8
            ELSE least($4::int8, kuji_api.draw_at($1::int8, $3::int8) - 1) END;

-- Draws $2 < n <= $3, with the prize $4 and between the times $5 and $6 where
-- they are not null; $7: how a time is written.
-- :name export_draws
SELECT d.n, to_char(x.at, $7::text),
       CASE WHEN c.n IS NOT NULL THEN 'prize' WHEN x.kind = 'entry' THEN 'entry'
            ELSE 'blank' END,
       p.code, NULL, c.state, v.n IS NOT NULL, d.first_n, x.who,
       (SELECT words FROM kuji_api.flagged f
         WHERE f.campaign_id = $1::int8 AND f.n = d.n),
       x.at IS NOT NULL
  FROM kuji.draw d
  LEFT JOIN LATERAL (SELECT leaf FROM kuji.ledger
                      WHERE campaign_id = $1::int8 AND i = d.i OFFSET 0) AS l ON true
  LEFT JOIN LATERAL (SELECT * FROM kuji.claim
                      WHERE campaign_id = $1::int8 AND n = d.n OFFSET 0) AS c ON true
  LEFT JOIN LATERAL (SELECT code FROM kuji.prize
                      WHERE campaign_id = $1::int8 AND pos = c.pos OFFSET 0) AS p ON true
  LEFT JOIN LATERAL (SELECT n FROM kuji.voided
                      WHERE campaign_id = $1::int8 AND n = d.n OFFSET 0) AS v ON true
 CROSS JOIN LATERAL (SELECT to_timestamp((j.leaf ->> 't')::float8 / 1000) AS at,
                            j.leaf ->> 'kind' AS kind, j.leaf ->> 'who' AS who
                       FROM (SELECT l.leaf::json AS leaf) AS j OFFSET 0) AS x
 WHERE d.campaign_id = $1::int8 AND d.n > $2::int8 AND d.n <= $3::int8
   AND ($4::text IS NULL OR p.code = $4::text)
   AND ($5::int8 IS NULL OR x.at >= to_timestamp($5::int8 / 1000.0))
   AND ($6::int8 IS NULL OR x.at < to_timestamp($6::int8 / 1000.0))
 ORDER BY d.n;

-- Wins likewise, with when their winners agreed to the terms, and to marketing
-- where that holds; $8: the claim's state or null.
-- :name export_winners
SELECT c.n, to_char(x.at, $7::text), p.code, NULL, p.kind, c.state,
       to_char(to_timestamp(c.updated_at / 1000.0), $7::text),
       v.n IS NOT NULL, x.who,
       to_char(to_timestamp(g.terms / 1000.0), $7::text),
       to_char(to_timestamp(g.marketing / 1000.0), $7::text),
       (SELECT words FROM kuji_api.flagged f
         WHERE f.campaign_id = $1::int8 AND f.n = c.n),
       x.at IS NOT NULL AND p.code IS NOT NULL
  FROM kuji.claim c
  LEFT JOIN LATERAL (SELECT code, kind FROM kuji.prize
                      WHERE campaign_id = $1::int8 AND pos = c.pos OFFSET 0) AS p ON true
  LEFT JOIN LATERAL (SELECT i, participant FROM kuji.draw
                      WHERE campaign_id = $1::int8 AND n = c.n OFFSET 0) AS d ON true
  LEFT JOIN LATERAL (SELECT terms, marketing FROM kuji_api.agreed
                      WHERE campaign_id = $1::int8
                        AND participant = d.participant OFFSET 0) AS g ON true
  LEFT JOIN LATERAL (SELECT leaf FROM kuji.ledger
                      WHERE campaign_id = $1::int8 AND i = d.i OFFSET 0) AS l ON true
  LEFT JOIN LATERAL (SELECT n FROM kuji.voided
                      WHERE campaign_id = $1::int8 AND n = c.n OFFSET 0) AS v ON true
 CROSS JOIN LATERAL (SELECT to_timestamp((j.leaf ->> 't')::float8 / 1000) AS at,
                            j.leaf ->> 'who' AS who
                       FROM (SELECT l.leaf::json AS leaf) AS j OFFSET 0) AS x
 WHERE c.campaign_id = $1::int8 AND c.n > $2::int8 AND c.n <= $3::int8
   AND ($4::text IS NULL OR p.code = $4::text)
   AND ($5::int8 IS NULL OR x.at >= to_timestamp($5::int8 / 1000.0))
   AND ($6::int8 IS NULL OR x.at < to_timestamp($6::int8 / 1000.0))
   AND ($8::text IS NULL OR c.state = $8::text)
 ORDER BY c.n;

-- Claims: wins with what their winners gave, sealed.
-- :name export_claims
SELECT c.n, to_char(x.at, $7::text), p.code, NULL, p.kind, c.state,
       to_char(to_timestamp(c.updated_at / 1000.0), $7::text),
       v.n IS NOT NULL, e.data, e.tracking, s.name,
       to_char(to_timestamp(g.terms / 1000.0), $7::text),
       to_char(to_timestamp(g.marketing / 1000.0), $7::text),
       k.digest, k.sealed,
       x.at IS NOT NULL AND p.code IS NOT NULL
  FROM kuji.claim c
  LEFT JOIN LATERAL (SELECT code, kind FROM kuji.prize
                      WHERE campaign_id = $1::int8 AND pos = c.pos OFFSET 0) AS p ON true
  LEFT JOIN LATERAL (SELECT i, participant FROM kuji.draw
                      WHERE campaign_id = $1::int8 AND n = c.n OFFSET 0) AS d ON true
  LEFT JOIN LATERAL (SELECT terms, marketing FROM kuji_api.agreed
                      WHERE campaign_id = $1::int8
                        AND participant = d.participant OFFSET 0) AS g ON true
  LEFT JOIN LATERAL (SELECT leaf FROM kuji.ledger
                      WHERE campaign_id = $1::int8 AND i = d.i OFFSET 0) AS l ON true
  LEFT JOIN LATERAL (SELECT n FROM kuji.voided
                      WHERE campaign_id = $1::int8 AND n = c.n OFFSET 0) AS v ON true
  LEFT JOIN LATERAL (SELECT data, tracking FROM kuji.claim_detail
                      WHERE campaign_id = $1::int8 AND n = c.n OFFSET 0) AS e ON true
  LEFT JOIN LATERAL (SELECT shop_id FROM kuji.redemption
                      WHERE campaign_id = $1::int8 AND n = c.n OFFSET 0) AS r ON true
  LEFT JOIN LATERAL (SELECT name FROM kuji.shop
                      WHERE id = r.shop_id OFFSET 0) AS s ON true
  LEFT JOIN LATERAL (SELECT link FROM kuji.link_draw
                      WHERE campaign_id = $1::int8 AND n = c.n OFFSET 0) AS y ON true
  LEFT JOIN LATERAL (SELECT digest, sealed FROM kuji.link
                      WHERE campaign_id = $1::int8 AND digest = y.link OFFSET 0) AS k ON true
 CROSS JOIN LATERAL (SELECT to_timestamp((l.leaf::json ->> 't')::float8 / 1000) AS at
                     OFFSET 0) AS x
 WHERE c.campaign_id = $1::int8 AND c.n > $2::int8 AND c.n <= $3::int8
   AND ($4::text IS NULL OR p.code = $4::text)
   AND ($5::int8 IS NULL OR x.at >= to_timestamp($5::int8 / 1000.0))
   AND ($6::int8 IS NULL OR x.at < to_timestamp($6::int8 / 1000.0))
   AND ($8::text IS NULL OR c.state = $8::text)
 ORDER BY c.n;

-- The next $3 codes behind digest $2, without what would tell a code: in the
-- order of their digests, which is none. $4: a state or null.
-- :name export_codes
-- A code's id says which row of an earlier export is the same code, and nothing
-- about the code.
SELECT c.digest, left(encode(sha256(c.digest), 'hex'), 16), b.id, b.name,
       b.uses, c.uses_left, x.state, b.disabled, b.id IS NOT NULL
  FROM kuji.code c
  LEFT JOIN LATERAL (SELECT * FROM kuji.code_batch
                      WHERE id = c.batch_id OFFSET 0) AS b ON true
 CROSS JOIN LATERAL (SELECT CASE WHEN c.uses_left = b.uses THEN 'unused'
                                 WHEN c.uses_left = 0 THEN 'used'
                                 ELSE 'partly' END AS state) AS x
 WHERE c.campaign_id = $1::int8 AND c.digest > $2::bytea
   AND ($4::text IS NULL OR x.state = $4::text)
 ORDER BY c.digest
 LIMIT $3::int8;

-- :name export_payments_last
SELECT coalesce(max(id), 0) FROM kuji.payment WHERE campaign_id = $1::int8;
-- The next $4 payments $2 < id <= $3, of the state $5 and made between the times
-- $6 and $7 where they are not null; $8: how a time is written. Amounts are in
-- the currency's unit, which is yen or a hundred of its smallest.
-- :name export_payments
SELECT p.id, p.order_id, to_char(to_timestamp(p.created_at / 1000.0), $8::text),
       to_char(to_timestamp(p.changed_at / 1000.0), $8::text), p.driver, p.goods, p.currency,
       x.amount, x.captured, x.refunded, p.state, p.asked IS NOT NULL, p.mismatch, p.transaction_id,
       p.draws, p.used, p.withdrawn, a.login, true
  FROM kuji_api.payment p
  LEFT JOIN kuji.admin a ON a.tenant_id = p.tenant_id AND a.id::text = p.seller
 CROSS JOIN LATERAL (SELECT round(p.amount / u.unit, u.places) AS amount,
                            round(p.captured / u.unit, u.places) AS captured,
                            round(p.refunded / u.unit, u.places) AS refunded
                       FROM (SELECT CASE p.currency WHEN 'JPY' THEN 1 ELSE 100 END::numeric AS unit,
                                    CASE p.currency WHEN 'JPY' THEN 0 ELSE 2 END AS places) AS u) AS x
 WHERE p.campaign_id = $1::int8 AND p.id > $2::int8 AND p.id <= $3::int8
   AND ($5::text IS NULL OR p.state = $5::text)
   AND ($6::int8 IS NULL OR p.created_at >= $6::int8)
   AND ($7::int8 IS NULL OR p.created_at < $7::int8)
 ORDER BY p.id
 LIMIT $4::int8;

-- Entries $2 < seq <= $3 of the audit log.
-- :name export_audit
SELECT a.seq, to_char(to_timestamp(a.at / 1000.0), $8::text), a.actor, m.login,
       a.address, a.action, a.object, a.detail, encode(a.hash, 'hex'), true
  FROM kuji.audit a
  LEFT JOIN kuji.admin m ON m.tenant_id = a.tenant_id AND m.id::text = a.actor
 WHERE a.tenant_id = $1::uuid AND a.seq > $2::int8 AND a.seq <= $3::int8
   AND ($4::text IS NULL OR a.actor = $4::text)
   AND ($5::text IS NULL OR a.action = $5::text)
   AND ($6::int8 IS NULL OR a.at >= $6::int8)
   AND ($7::int8 IS NULL OR a.at < $7::int8)
 ORDER BY a.seq;
