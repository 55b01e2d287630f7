-- What becomes of the drawn places of cases, one row for each place that comes, goes or counts otherwise, written in the transaction that
-- changes it. Part of migration 0105 and as frozen as any migration: what is to change later, a later one changes.

-- One half of a Morton code: every second bit from `axis` on (0 column, 1 row), pushed together. The inverse of map_spread.
CREATE FUNCTION map_compact(code bigint, axis integer) RETURNS bigint LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    v bigint := (code >> axis) & x'5555555555555555'::bigint;
BEGIN
    v := (v | (v >> 1)) & x'3333333333333333'::bigint;
    v := (v | (v >> 2)) & x'0F0F0F0F0F0F0F0F'::bigint;
    v := (v | (v >> 4)) & x'00FF00FF00FF00FF'::bigint;
    v := (v | (v >> 8)) & x'0000FFFF0000FFFF'::bigint;
    RETURN (v | (v >> 16)) & x'00000000FFFFFFFF'::bigint;
END $$;

-- Whether a snapshot, as text, has what a transaction committed.
CREATE FUNCTION is_in_snapshot(xid bigint, snapshot text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN pg_visible_in_snapshot(xid::text::xid8, snapshot::pg_snapshot);

CREATE FUNCTION note_new_places() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO case_place_change (n, case_id, cell, ground, procedure_key, department_id, status, due_on)
    SELECT 1, case_id, cell, ST_Envelope(geom), procedure_key, department_id, status, due_on
    FROM added WHERE cell IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER note_new_places AFTER INSERT ON case_place
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION note_new_places();

CREATE FUNCTION note_removed_places() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO case_place_change (n, case_id, cell, ground, procedure_key, department_id, status, due_on)
    SELECT -1, case_id, cell, ST_Envelope(geom), procedure_key, department_id, status, due_on
    FROM removed WHERE cell IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER note_removed_places AFTER DELETE ON case_place
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION note_removed_places();

-- A place that changes is one less as it was and one more as it is, also where both count alike: its tiles look otherwise.
CREATE FUNCTION note_changed_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO case_place_change (n, case_id, cell, ground, procedure_key, department_id, status, due_on)
    SELECT * FROM (VALUES
        (-1, OLD.case_id, OLD.cell, ST_Envelope(OLD.geom), OLD.procedure_key, OLD.department_id, OLD.status, OLD.due_on),
        (1, NEW.case_id, NEW.cell, ST_Envelope(NEW.geom), NEW.procedure_key, NEW.department_id, NEW.status, NEW.due_on)
    ) AS place(n, case_id, cell, ground, procedure_key, department_id, status, due_on)
    WHERE cell IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER note_changed_place AFTER UPDATE ON case_place FOR EACH ROW
    WHEN ((OLD.case_id, OLD.geom::bytea, OLD.procedure_key, OLD.department_id, OLD.assignee_id, OLD.status, OLD.state, OLD.due_on,
        OLD.starts_on, OLD.ends_on, OLD.submitted_at)
        IS DISTINCT FROM
        (NEW.case_id, NEW.geom::bytea, NEW.procedure_key, NEW.department_id, NEW.assignee_id, NEW.status, NEW.state, NEW.due_on,
        NEW.starts_on, NEW.ends_on, NEW.submitted_at))
    EXECUTE FUNCTION note_changed_place();
