-- What becomes of the days of cases, one row for each case that comes, goes or counts otherwise, written in the transaction that changes it.
-- Part of migration 0105 and as frozen as any migration: what is to change later, a later one changes.

-- The first and the last day of a case: of its period, or, without one, the day in Japan on which it was sent.
CREATE FUNCTION first_day_of_case(starts_on date, submitted_at timestamptz) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(starts_on, timezone('Asia/Tokyo', submitted_at)::date);
CREATE FUNCTION last_day_of_case(starts_on date, ends_on date, submitted_at timestamptz) RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN starts_on IS NULL THEN timezone('Asia/Tokyo', submitted_at)::date ELSE coalesce(ends_on, 'infinity') END;

CREATE FUNCTION note_new_cases() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO case_day_change (n, procedure_key, department_id, status, is_open, first_day, last_day)
    SELECT 1, procedure_key, department_id, status, closed_at IS NULL,
        first_day_of_case(starts_on, submitted_at), last_day_of_case(starts_on, ends_on, submitted_at)
    FROM added;
    RETURN NULL;
END $$;
CREATE TRIGGER note_new_cases AFTER INSERT ON case_file
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION note_new_cases();

CREATE FUNCTION note_removed_cases() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO case_day_change (n, procedure_key, department_id, status, is_open, first_day, last_day)
    SELECT -1, procedure_key, department_id, status, closed_at IS NULL,
        first_day_of_case(starts_on, submitted_at), last_day_of_case(starts_on, ends_on, submitted_at)
    FROM removed;
    RETURN NULL;
END $$;
CREATE TRIGGER note_removed_cases AFTER DELETE ON case_file
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION note_removed_cases();

-- A case changes often in what no count knows of; only then is anything written.
CREATE FUNCTION note_changed_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO case_day_change (n, procedure_key, department_id, status, is_open, first_day, last_day) VALUES
        (-1, OLD.procedure_key, OLD.department_id, OLD.status, OLD.closed_at IS NULL,
            first_day_of_case(OLD.starts_on, OLD.submitted_at), last_day_of_case(OLD.starts_on, OLD.ends_on, OLD.submitted_at)),
        (1, NEW.procedure_key, NEW.department_id, NEW.status, NEW.closed_at IS NULL,
            first_day_of_case(NEW.starts_on, NEW.submitted_at), last_day_of_case(NEW.starts_on, NEW.ends_on, NEW.submitted_at));
    RETURN NULL;
END $$;
CREATE TRIGGER note_changed_case AFTER UPDATE ON case_file FOR EACH ROW
    WHEN ((OLD.procedure_key, OLD.department_id, OLD.status, OLD.closed_at IS NULL, OLD.starts_on, OLD.ends_on, OLD.submitted_at)
        IS DISTINCT FROM
        (NEW.procedure_key, NEW.department_id, NEW.status, NEW.closed_at IS NULL, NEW.starts_on, NEW.ends_on, NEW.submitted_at))
    EXECUTE FUNCTION note_changed_case();
