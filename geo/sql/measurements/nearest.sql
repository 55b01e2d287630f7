SELECT jsonb_build_object(
    'tolerance', asked.tolerance_m,
    'distance', (array_agg(round(near.m::numeric, 2) ORDER BY near.m, near.id))[1],
    'value', jsonb_agg(near.value ORDER BY near.m, near.id) -> 0,
    'features', (array_agg(near.id ORDER BY near.m, near.id))[1:1],
    'near_other', count(DISTINCT near.value) FILTER (WHERE near.m <= near.least_m + asked.tolerance_m) > 1
)
FROM (
    SELECT candidate.id, candidate.value, distance.m, min(distance.m) OVER () AS least_m
    FROM candidate
    CROSS JOIN LATERAL (
        SELECT ST_Distance(ST_Transform(candidate.geom, :srid), asked.flat)
    ) AS distance(m)
    WHERE candidate.n = asked.n AND (asked.property IS NULL OR candidate.value <> 'null')
) AS near
WHERE near.m <= asked.within + asked.tolerance_m
