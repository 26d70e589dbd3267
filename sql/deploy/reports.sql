-- Deploy mod_kuji:reports to pg
-- SPDX-License-Identifier: Apache-2.0
--
-- What several reports say of the same rows, once. The views are read with the
-- rights of who asks, so that each row's tenant is looked at as ever; a campaign
-- and a key reach their indexes.

BEGIN;

SET LOCAL ROLE kuji_owner;

CREATE VIEW kuji_api.agreed WITH (security_invoker = true) AS
SELECT c.campaign_id, c.participant,
       min(c.at) FILTER (WHERE t.kind = 'terms') AS terms,
       max(c.at) FILTER (WHERE t.kind = 'marketing' AND c.withdrawn_at IS NULL) AS marketing
  FROM kuji.consent c
  JOIN kuji.consent_text t ON t.campaign_id = c.campaign_id AND t.digest = c.digest
 GROUP BY c.campaign_id, c.participant;
COMMENT ON VIEW kuji_api.agreed IS 'when somebody first agreed to the terms, and last to marketing where that holds';

CREATE VIEW kuji_api.flagged WITH (security_invoker = true) AS
SELECT f.campaign_id, f.n,
       concat_ws(' ', CASE WHEN f.reasons & 1 > 0 THEN 'crowd' END,
                 CASE WHEN f.reasons & 2 > 0 THEN 'device' END,
                 CASE WHEN f.reasons & 4 > 0 THEN 'mail' END) AS words
  FROM kuji.flag f;
COMMENT ON VIEW kuji_api.flagged IS 'draws to look at, why in words';

-- How a campaign stands, and from when until when it has figures: until now
-- while it is open, else until the last of them. Null where it has none.
CREATE FUNCTION kuji_api.figures_span(campaign bigint)
RETURNS TABLE (timezone text, draws bigint, wins bigint, first timestamptz, last timestamptz)
LANGUAGE sql VOLATILE ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.timezone, c.next_n - 1,
           (SELECT coalesce(sum(p.awarded + p.returned), 0)::bigint FROM kuji.prize p WHERE p.campaign_id = c.id),
           to_timestamp(q.first * 900::bigint),
           CASE WHEN c.status = 'closed' OR kuji_api.now_ms() >= c.closes_at THEN to_timestamp(q.last * 900::bigint)
                ELSE greatest(now(), to_timestamp(q.last * 900::bigint)) END
      FROM kuji.campaign c
     CROSS JOIN LATERAL (
           SELECT least((SELECT min(quarter) FROM kuji.mark WHERE campaign_id = c.id),
                        (SELECT min(quarter) FROM kuji.traffic WHERE campaign_id = c.id)) AS first,
                  greatest((SELECT max(quarter) FROM kuji.mark WHERE campaign_id = c.id),
                           (SELECT max(quarter) FROM kuji.traffic WHERE campaign_id = c.id)) AS last) AS q
     WHERE c.id = figures_span.campaign
$$;

REVOKE EXECUTE ON FUNCTION kuji_api.figures_span(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kuji_api.figures_span(bigint) TO kuji_web;
GRANT SELECT ON kuji_api.agreed, kuji_api.flagged TO kuji_web;

COMMIT;
