-- Who may do what, table by table and column by column: exactly this.
-- SPDX-License-Identifier: Apache-2.0
\set ON_ERROR_STOP 1
BEGIN;
SELECT plan((52 + count(*))::int) FROM pg_class
 WHERE relnamespace = 'kuji'::regnamespace AND relkind IN ('r', 'p');

-- kuji_web: whole-table rights, and the columns it may change.
CREATE TEMP TABLE web (name text, rights text[], updates text[]);
INSERT INTO web VALUES
    ('tenant', '{INSERT,SELECT}', '{data_key,host,name,status,title}'),
    ('token', '{INSERT,SELECT}', '{name,revoked_at}'),
    ('admin', '{INSERT,SELECT}', '{disabled,last_login_at,login,password_hash,removed_at,role}'),
    ('admin_session', '{DELETE,INSERT,SELECT}', '{seen_at}'),
    ('admin_invitation', '{INSERT,SELECT}', '{revoked_at,used_at}'),
    ('login_try', '{DELETE,INSERT,SELECT}', '{since,tries,until}'),
    ('campaign', '{DELETE,INSERT,SELECT}',
     '{blanks_left,closed_at,closes_at,day,day_draws,edge,last_t,method,next_n,opens_at,raffled_at,size,slug,status,timezone,version}'),
    ('campaign_config', '{INSERT,SELECT}', '{archived_at,config}'),
    ('manifest', '{INSERT,SELECT}', '{}'),
    ('campaign_secret', '{INSERT,SELECT}', '{}'),
    ('prize', '{DELETE,INSERT,SELECT}', '{added,awarded,returned,units_left}'),
    ('ledger', '{INSERT,SELECT}', '{}'),
    ('ledger_node', '{INSERT,SELECT}', '{}'),
    ('draw', '{INSERT,SELECT}', '{body,participant}'),
    ('participant', '{DELETE,INSERT,SELECT}', '{day,day_draws,draws,erased_at,last_n,salt,wins}'),
    ('code_batch', '{INSERT,SELECT}', '{checked,disabled,name,size,spent}'),
    ('code', '{INSERT,SELECT}', '{uses_left}'),
    ('claim', '{INSERT,SELECT}', '{state,updated_at}'),
    ('voided', '{INSERT,SELECT}', '{}'),
    ('audit', '{INSERT,SELECT}', '{}'),
    ('mark', '{INSERT,SELECT}', '{}'),
    ('traffic', '{INSERT,SELECT}', '{count}'),
    ('claim_count', '{INSERT,SELECT}', '{count}'),
    ('claim_step', '{INSERT,SELECT}', '{}'),
    ('came_back', '{INSERT,SELECT}', '{}'),
    ('claim_detail', '{INSERT,SELECT}', '{data,erased_at,tracking,updated_at,version}'),
    ('identifier', '{DELETE,INSERT,SELECT}', '{}'),
    ('gift_pool', '{INSERT,SELECT}', '{warn_at}'),
    ('gift_code', '{INSERT,SELECT}', '{changed_at,n,sealed,state}'),
    ('erasure', '{INSERT,SELECT}', '{tombstone}'),
    ('consent_text', '{INSERT,SELECT}', '{}'),
    ('consent', '{DELETE,INSERT,SELECT}', '{withdrawn_at}'),
    ('retention', '{DELETE,INSERT,SELECT}', '{claims,draws,next_n}'),
    ('shop', '{INSERT,SELECT}', '{digest,disabled,name}'),
    ('redemption', '{INSERT,SELECT}', '{}'),
    ('coupon_try', '{INSERT,SELECT}', '{since,total,tries}'),
    ('postal', '{DELETE,INSERT,SELECT}', '{}'),
    ('image', '{INSERT,SELECT}', '{}'),
    ('pay_settings', '{INSERT,SELECT}', '{config,secret,updated_at,version}'),
    ('payment', '{INSERT,SELECT}',
     '{asked,asked_amount,asked_at,captured,changed_at,entry,events,expires_at,mismatch,next_check_at,participant,refunded,state,transaction_id,tries,url}'),
    ('payment_event', '{INSERT,SELECT}', '{}'),
    ('line', '{INSERT,SELECT}', '{bot_secret,config,secret,updated_at,version}'),
    ('liff_shown', '{DELETE,INSERT,SELECT}', '{expires_at}'),
    ('participant_line', '{DELETE,INSERT,SELECT}', '{base,is_friend,language,line_user,person,verified_at}'),
    ('line_friend', '{DELETE,INSERT,SELECT}', '{answered_at,at,is_friend,person}'),
    ('line_event', '{DELETE,INSERT,SELECT}', '{}'),
    ('theme', '{INSERT,SELECT}', '{}'),
    ('theme_current', '{INSERT,SELECT}', '{version}'),
    ('passphrase', '{DELETE,INSERT,SELECT}', '{days,digests,sealed,version}'),
    ('link', '{DELETE,INSERT,SELECT}', '{expires_at,session,uses_left}'),
    ('link_draw', '{DELETE,INSERT,SELECT}', '{}'),
    ('flag', '{INSERT,SELECT}', '{reasons}'),
    ('theme_preview', '{INSERT,SELECT}', '{created_at,doc,sheet}'),
    ('participant_mail', '{DELETE,INSERT,SELECT}', '{address,base,language,verified_at}'),
    ('mail_challenge', '{DELETE,INSERT,SELECT}', '{tries,used_at}'),
    ('outbox', '{DELETE,INSERT,SELECT}', '{address,channel,data,due_at,ended_at,expires_at,handed_at,participant,reason,state,tries}'),
    -- INSERT is given by column: not id, not at
    ('download', '{SELECT}', '{}'),
    ('download_end', '{SELECT}', '{}');

CREATE FUNCTION pg_temp.rights(role regrole) RETURNS TABLE (name text, rights text[], updates text[])
LANGUAGE sql AS $$
    SELECT c.relname::text,
           ARRAY(SELECT a.privilege_type FROM aclexplode(c.relacl) a
                  WHERE a.grantee = role ORDER BY 1),
           ARRAY(SELECT t.attname::text FROM pg_attribute t, aclexplode(t.attacl) a
                  WHERE t.attrelid = c.oid AND a.grantee = role AND a.privilege_type = 'UPDATE'
                  ORDER BY 1)
      FROM pg_class c
     WHERE c.relnamespace = 'kuji'::regnamespace AND c.relkind IN ('r', 'p')
$$;
SELECT set_eq('SELECT name FROM pg_temp.rights(''kuji_web'')', 'SELECT name FROM web', 'all tables are listed');
SELECT is(r.rights || '{/}' || r.updates, w.rights || '{/}' || w.updates, 'kuji_web on ' || w.name)
  FROM web w LEFT JOIN pg_temp.rights('kuji_web') r USING (name) ORDER BY name;

-- kuji_read reads, and no secret.
SELECT is_empty(
    $$SELECT * FROM pg_temp.rights('kuji_read') WHERE rights <> '{}' AND rights <> '{SELECT}' OR updates <> '{}'$$,
    'kuji_read changes nothing');
SELECT is_empty(
    $$SELECT c.oid::regclass, a.attname
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
       WHERE (c.relnamespace, c.relname || '.' || a.attname) IN (
             SELECT 'kuji'::regnamespace, s FROM unnest(ARRAY[
                 'tenant.data_key', 'token.digest', 'admin.password_hash', 'admin_session.digest',
                 'admin_invitation.digest', 'login_try.subject', 'campaign_secret.seed',
                 'campaign_secret.key', 'draw.key', 'draw.body', 'draw.participant', 'draw.code',
                 'participant.digest', 'participant.salt', 'code.digest', 'voided.note',
                 'claim_detail.data', 'claim_detail.tracking', 'identifier.digest', 'gift_code.digest',
                 'gift_code.sealed', 'erasure.tombstone', 'shop.digest',
                 'passphrase.digests', 'passphrase.sealed', 'link.digest', 'link.participant',
                 'link.session', 'link.sealed', 'link_draw.link', 'participant_mail.address',
                 'participant_mail.digest', 'mail_challenge.code', 'mail_challenge.token',
                 'mail_challenge.address', 'outbox.participant', 'outbox.address', 'outbox.data',
                 'pay_settings.secret', 'payment.participant', 'payment.entry', 'payment.url']) s)
         AND has_column_privilege('kuji_read', c.oid, a.attnum, 'SELECT')$$,
    'kuji_read sees no key, no salt, no digest');
SELECT is(has_table_privilege('kuji_read', 'kuji.ledger', 'SELECT'), true, 'kuji_read reads the ledger');

-- kuji_lookup: the columns that its functions need.
SELECT set_eq(
    $$SELECT c.relname || '.' || a.attname
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
       WHERE c.relnamespace = 'kuji'::regnamespace AND c.relkind = 'r'
         AND has_column_privilege('kuji_lookup', c.oid, a.attnum, 'SELECT')$$,
    ARRAY['tenant.id', 'tenant.name', 'tenant.host', 'tenant.title', 'tenant.status', 'tenant.data_key',
          'token.id', 'token.tenant_id', 'token.digest', 'token.scopes', 'token.revoked_at',
          'campaign.id', 'campaign.tenant_id', 'campaign.uuid', 'campaign.slug', 'campaign.status',
          'campaign.method', 'campaign.closes_at', 'campaign.raffled_at',
          'outbox.tenant_id', 'outbox.state', 'outbox.urgent', 'outbox.due_at', 'outbox.created_at',
          'outbox.expires_at', 'outbox.channel', 'outbox.reason', 'payment.tenant_id', 'payment.next_check_at'],
    'kuji_lookup sees just these');

-- And in deed, on its own tenant's rows.
\ir lib/world.psql
CREATE FUNCTION pg_temp.tries(tenant uuid, sql text) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('kuji.tenant', tenant::text, true);
    SET LOCAL ROLE kuji_web;
    EXECUTE sql;
    RESET ROLE;
    RETURN 'done';
EXCEPTION WHEN insufficient_privilege THEN
    RETURN 'refused';
END
$$;
SELECT is(pg_temp.tries(:a, sql), 'refused', sql)
  FROM unnest(ARRAY[
    'UPDATE kuji.ledger SET leaf = ''x''',
    'DELETE FROM kuji.ledger',
    'TRUNCATE kuji.ledger',
    'UPDATE kuji.ledger_node SET hash = ''x''',
    'DELETE FROM kuji.ledger_node',
    'UPDATE kuji.audit SET actor = ''x''',
    'DELETE FROM kuji.audit',
    'TRUNCATE kuji.audit',
    'UPDATE kuji.download SET actor = ''x''',
    'DELETE FROM kuji.download',
    'UPDATE kuji.download_end SET outcome = ''complete''',
    'DELETE FROM kuji.download_end',
    'INSERT INTO kuji.download (tenant_id, at, actor, what, format, encoding)
     SELECT id, 1, ''x'', ''draws'', ''csv'', ''utf-8'' FROM kuji.tenant',
    'UPDATE kuji.manifest SET bytes = ''x''',
    'DELETE FROM kuji.manifest',
    'UPDATE kuji.image SET bytes = ''x''',
    'DELETE FROM kuji.image',
    'UPDATE kuji.theme SET sheet = ''x''',
    'DELETE FROM kuji.theme',
    'UPDATE kuji.campaign_secret SET seed = key',
    'DELETE FROM kuji.draw',
    'UPDATE kuji.draw SET n = 7',
    'UPDATE kuji.draw SET key = ''x''',
    'UPDATE kuji.claim_step SET at = 1',
    'UPDATE kuji.came_back SET reason = ''other''',
    'DELETE FROM kuji.came_back',
    'DELETE FROM kuji.claim_step',
    'DELETE FROM kuji.claim_detail',
    'UPDATE kuji.erasure SET draws = 9',
    'DELETE FROM kuji.erasure',
    'DELETE FROM kuji.gift_code',
    'UPDATE kuji.gift_code SET digest = sealed',
    'DELETE FROM kuji.voided',
    'UPDATE kuji.mark SET draws = 7',
    'DELETE FROM kuji.mark',
    'DELETE FROM kuji.traffic',
    'UPDATE kuji.claim_count SET state = ''void''',
    'DELETE FROM kuji.claim_count',
    'UPDATE kuji.prize SET declared = 9',
    'UPDATE kuji.campaign SET tenant_id = gen_random_uuid()',
    'ALTER TABLE kuji.ledger DISABLE ROW LEVEL SECURITY',
    'CREATE TABLE kuji.mine ()']) sql;
SELECT is(pg_temp.tries(:a, sql), 'done', sql)
  FROM unnest(ARRAY[
    'INSERT INTO kuji.download (tenant_id, actor, what, format, encoding)
     SELECT id, ''x'', ''draws'', ''csv'', ''utf-8'' FROM kuji.tenant',
    'UPDATE kuji.draw SET participant = NULL WHERE n = 1',
    'UPDATE kuji.participant SET salt = NULL, erased_at = 1',
    'UPDATE kuji.claim SET state = ''claimed''']) sql;
SELECT is(current_user, session_user, 'no role is left behind');

SELECT finish();
ROLLBACK;
