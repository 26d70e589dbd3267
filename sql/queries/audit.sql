-- :name audit_add
SELECT kuji_api.audit_append($1::text, $2::text, $3::text, $4::jsonb);
-- :name audit_list
SELECT seq, at, actor, action, object, detail
  FROM kuji.audit
 WHERE tenant_id = $1::uuid AND seq < $2::int8
 ORDER BY seq DESC
 LIMIT $3::int8;
