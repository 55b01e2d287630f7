-- The changes of days are taken away; `step` is what they add to counts.
WITH gone AS (
    DELETE FROM case_day_change RETURNING *
),
step AS (
    SELECT procedure_key, department_id, status, is_open, first_day, last_day, n FROM gone
),
