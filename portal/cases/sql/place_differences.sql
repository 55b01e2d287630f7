-- What must be added to the counts to make them right.
, addition AS (
    SELECT level, procedure_key, cell, department_id, status,
        sum(n)::bigint AS n, sum(late)::bigint AS late, sum(case_ids)::bigint AS case_ids, sum(x)::bigint AS x, sum(y)::bigint AS y
    FROM (
        SELECT * FROM rolled
        UNION ALL
        SELECT level, procedure_key, cell, department_id, status, -n, -late, -case_ids, -x, -y FROM case_place_count
    ) AS each
    GROUP BY 1, 2, 3, 4, 5
    HAVING sum(n) <> 0 OR sum(late) <> 0 OR sum(case_ids) <> 0 OR sum(x) <> 0 OR sum(y) <> 0
)
