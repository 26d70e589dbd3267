-- The audit log (store/audit.c).
-- :name audit_add
SELECT kuji_api.audit_append($1::text, $2::text, $3::text, $4::jsonb, $5::text);
-- Names of the account that acted and of what it was done to, as they are now;
-- an account that was removed keeps its name.
-- :name audit_list
SELECT a.seq, a.at, a.actor, a.action, a.object, a.detail, a.address,
       (SELECT m.login FROM kuji.admin m
         WHERE m.tenant_id = a.tenant_id AND m.id::text = a.actor),
       coalesce(
         (SELECT f.config ->> 'title'
            FROM kuji.campaign c
            JOIN kuji.campaign_config f ON f.campaign_id = c.id
           WHERE c.uuid = substring(a.object FROM '^campaign:([0-9a-f-]{36})$')::uuid),
         (SELECT m.login FROM kuji.admin m
           WHERE m.id = substring(a.object FROM '^admin:([0-9a-f-]{36})$')::uuid))
  FROM kuji.audit a
 WHERE a.tenant_id = $1::uuid AND a.seq < $2::int8
   AND ($4::text IS NULL OR a.actor = $4::text)
   AND ($5::text IS NULL OR a.action = $5::text)
   AND ($6::int8 IS NULL OR a.at >= $6::int8)
   AND ($7::int8 IS NULL OR a.at < $7::int8)
 ORDER BY a.seq DESC
 LIMIT $3::int8;
-- The newest edit of the campaign $2, if it made version $3. Its row is among
-- the tenant's newest edits, so this walks a few of them backwards.
-- :name audit_edit
SELECT a.seq, a.at, a.actor, a.action, a.object, a.detail, a.address,
       NULL::text, NULL::text
  FROM (SELECT * FROM kuji.audit
         WHERE tenant_id = $1::uuid AND action = 'campaign.edit' AND object = $2::text
         ORDER BY seq DESC LIMIT 1) AS a
 WHERE (a.detail ->> 'version')::int4 = $3::int4;
-- What the page's filters offer, from one to the next along the index: the log
-- is long and the words are few.
-- :name audit_actors
WITH RECURSIVE word (text) AS (
    (SELECT actor FROM kuji.audit WHERE tenant_id = $1::uuid
      ORDER BY actor LIMIT 1)
    UNION ALL
    SELECT (SELECT a.actor FROM kuji.audit a
             WHERE a.tenant_id = $1::uuid AND a.actor > word.text
             ORDER BY a.actor LIMIT 1)
      FROM word WHERE word.text IS NOT NULL
)
SELECT w.text, m.login
  FROM (SELECT text FROM word WHERE text IS NOT NULL LIMIT 200) AS w
  LEFT JOIN kuji.admin m ON m.tenant_id = $1::uuid AND m.id::text = w.text
 ORDER BY m.login, w.text;
-- :name audit_actions
WITH RECURSIVE word (text) AS (
    (SELECT action FROM kuji.audit WHERE tenant_id = $1::uuid
      ORDER BY action LIMIT 1)
    UNION ALL
    SELECT (SELECT a.action FROM kuji.audit a
             WHERE a.tenant_id = $1::uuid AND a.action > word.text
             ORDER BY a.action LIMIT 1)
      FROM word WHERE word.text IS NOT NULL
)
SELECT text FROM word WHERE text IS NOT NULL LIMIT 200;
-- The next entries after $2, whose hash is $3: how many there are, the last
-- one's number and hash, and the first that does not hold.
-- :name audit_verify
SELECT count(*), max(seq), (array_agg(hash ORDER BY seq DESC))[1],
       min(seq) FILTER (WHERE NOT good)
  FROM (SELECT a.seq, a.hash,
               a.hash = kuji_api.audit_hash(a)
               AND a.seq = lag(a.seq, 1, $2::int8) OVER w + 1
               AND a.prev = lag(a.hash, 1, $3::bytea) OVER w AS good
          FROM kuji.audit a
         WHERE a.tenant_id = $1::uuid AND a.seq > $2::int8
           AND a.seq <= (SELECT max(s.seq)
                           FROM (SELECT seq FROM kuji.audit
                                  WHERE tenant_id = $1::uuid AND seq > $2::int8
                                  ORDER BY seq LIMIT $4::int8) AS s)
        WINDOW w AS (ORDER BY a.seq)) AS chain;
