-- `step` is what a full count has, and the changes that are not in the counts do not explain.
WITH step AS (
    SELECT procedure_key, department_id, status, closed_at IS NULL AS is_open,
        first_day_of_case(starts_on, submitted_at) AS first_day, last_day_of_case(starts_on, ends_on, submitted_at) AS last_day, 1 AS n
    FROM case_file
    UNION ALL
    SELECT procedure_key, department_id, status, is_open, first_day, last_day, -n FROM case_day_change
),
