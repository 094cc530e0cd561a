-- The audit log only grows: the database itself refuses to change or remove an entry. Run at every start.
CREATE OR REPLACE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'entries of the audit log are never changed or removed';
END
$$;
--> statement-breakpoint
CREATE OR REPLACE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE ON audit
  FOR EACH ROW EXECUTE FUNCTION audit_only_grows();
--> statement-breakpoint
CREATE OR REPLACE TRIGGER audit_not_emptied BEFORE TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows();
--> statement-breakpoint
-- The one row that says where the chain stands. It is made from the log where it is missing.
INSERT INTO audit_head (id, number, before, hash)
SELECT 1, last.number, last.before, last.hash
FROM (
  SELECT number, before, hash FROM audit
  UNION ALL
  SELECT 0, repeat('0', 64), repeat('0', 64)
  ORDER BY number DESC LIMIT 1
) AS last
ON CONFLICT (id) DO NOTHING;
