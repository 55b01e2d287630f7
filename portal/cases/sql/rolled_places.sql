-- Steps added up in cells of every level, for each procedure and for all of them; at the finest level first, where they become few.
fine AS (
    SELECT cell >> (2 * (20 - CAST(:finest AS integer))) AS cell, procedure_key, department_id, status,
        sum(n) AS n, sum(late) AS late, sum(case_ids) AS case_ids,
        sum(n * map_compact(cell, 0)) AS x, sum(n * map_compact(cell, 1)) AS y
    FROM step
    GROUP BY 1, 2, 3, 4
),
rolled AS (
    SELECT level, procedure.key AS procedure_key, cell >> (2 * (CAST(:finest AS integer) - level)) AS cell, department_id, status,
        sum(n)::bigint AS n, sum(late)::bigint AS late, sum(case_ids)::bigint AS case_ids, sum(x)::bigint AS x, sum(y)::bigint AS y
    FROM fine
    CROSS JOIN generate_series(CAST(:coarsest AS integer), CAST(:finest AS integer)) AS level
    CROSS JOIN LATERAL (VALUES (procedure_key), ('')) AS procedure(key)
    GROUP BY 1, 2, 3, 4, 5
)
