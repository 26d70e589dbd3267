-- The jobs' thread (job/job.c), one process at a time.
-- :name job_lead
SELECT pg_try_advisory_lock(hashtextextended('kuji job', 0));
-- :name job_leave
SELECT pg_advisory_unlock(hashtextextended('kuji job', 0));
-- :name job_due
SELECT id, tenant_id, uuid, slug
  FROM kuji_api.due_campaigns(kuji_api.now_ms());
