-- Steps added up by day, for each procedure and for all of them; first by both days of a case, of which there are few pairs.
pair AS (
    SELECT procedure_key, department_id, status, is_open, first_day, last_day, sum(n) AS n FROM step GROUP BY 1, 2, 3, 4, 5, 6
),
rolled AS (
    SELECT procedure.key AS procedure_key, department_id, status, is_open, day,
        sum(begins)::bigint AS begins, sum(ends)::bigint AS ends
    FROM pair
    CROSS JOIN LATERAL (VALUES (procedure_key), ('')) AS procedure(key)
    CROSS JOIN LATERAL (VALUES (first_day, n, 0), (last_day, 0, n)) AS one_end(day, begins, ends)
    GROUP BY 1, 2, 3, 4, 5
)
