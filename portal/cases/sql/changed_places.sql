-- The changes that the state's mark has are taken away; `step` is what they add to counts.
-- `step` also has the open cases that became late since `late_as_of`: those that there are now, less those that changes will still bring or
-- take, which are counted as late by their due day when they are folded.
WITH state AS (
    SELECT mark, late_as_of FROM case_count_state
),
gone AS (
    DELETE FROM case_place_change
    WHERE is_in_snapshot(xid, (SELECT mark FROM state))
        OR xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint -- from before a backup was restored
    RETURNING *
),
step AS (
    SELECT cell, procedure_key, department_id, status, n, n * (status = ANY(:open) AND due_on < :today)::integer AS late, n * case_id AS case_ids
    FROM gone
    UNION ALL
    SELECT cell, procedure_key, department_id, status, 0, 1, 0
    FROM case_place
    WHERE status = ANY(:open) AND due_on >= (SELECT late_as_of FROM state) AND due_on < :today AND cell IS NOT NULL
        AND (SELECT late_as_of FROM state) < :today
    UNION ALL
    SELECT cell, procedure_key, department_id, status, 0, -n, 0
    FROM case_place_change
    WHERE status = ANY(:open) AND due_on >= (SELECT late_as_of FROM state) AND due_on < :today
),
