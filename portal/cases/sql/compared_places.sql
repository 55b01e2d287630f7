-- `step` is what a full count has, and the changes that are not in the counts do not explain.
WITH state AS (
    SELECT coalesce((SELECT late_as_of FROM case_count_state), '0001-01-01') AS late_as_of
),
step AS (
    SELECT cell, procedure_key, department_id, status,
        1 AS n, (status = ANY(:open) AND due_on < (SELECT late_as_of FROM state))::integer AS late, case_id AS case_ids
    FROM case_place
    WHERE cell IS NOT NULL
    UNION ALL
    SELECT cell, procedure_key, department_id, status,
        -n, -n * (status = ANY(:open) AND due_on < (SELECT late_as_of FROM state))::integer, -n * case_id
    FROM case_place_change
),
