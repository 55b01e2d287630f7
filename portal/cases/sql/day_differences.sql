-- What must be added to the counts to make them right.
, addition AS (
    SELECT procedure_key, department_id, status, is_open, day, sum(begins)::bigint AS begins, sum(ends)::bigint AS ends
    FROM (
        SELECT * FROM rolled
        UNION ALL
        SELECT procedure_key, department_id, status, is_open, day, -begins, -ends FROM case_day_count
    ) AS each
    GROUP BY 1, 2, 3, 4, 5
    HAVING sum(begins) <> 0 OR sum(ends) <> 0
)
