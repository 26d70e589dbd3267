-- The download log (store/download.c).
-- :name download_start
INSERT INTO kuji.download (tenant_id, actor, address, what, campaign_id, slug,
                           filter, format, encoding)
VALUES ($1::uuid, $2::text, $3::text, $4::text, $5::int8, $6::text, $7::jsonb,
        $8::text, $9::text)
RETURNING id;
-- :name download_end
INSERT INTO kuji.download_end (download_id, tenant_id, outcome, rows, bytes,
                               sha256, replaced, replaced_row)
VALUES ($1::int8, $2::uuid, $3::text, $4::int8, $5::int8, $6::bytea, $7::int8,
        $8::int8);
-- $4: those of one actor only, or null.
-- :name download_list
SELECT d.id, d.at, d.actor, m.login, d.address, d.what, d.slug, d.filter,
       d.format, d.encoding, e.at, e.outcome, e.rows, e.bytes, e.sha256,
       e.replaced, e.replaced_row, kuji_api.now_ms()
  FROM kuji.download d
  LEFT JOIN kuji.download_end e ON e.download_id = d.id
  LEFT JOIN kuji.admin m ON m.tenant_id = d.tenant_id AND m.id::text = d.actor
 WHERE d.tenant_id = $1::uuid AND d.id < $2::int8
   AND ($4::text IS NULL OR d.actor = $4::text)
 ORDER BY d.id DESC
 LIMIT $3::int8;
