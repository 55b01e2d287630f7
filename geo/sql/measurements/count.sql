SELECT jsonb_build_object(
    'count', count(*) FILTER (WHERE distance.m <= asked.within),
    'low', count(*) FILTER (WHERE distance.m <= asked.within - asked.tolerance_m),
    'high', count(*) FILTER (WHERE distance.m <= asked.within + asked.tolerance_m),
    'features', (array_agg(candidate.id ORDER BY distance.m) FILTER (WHERE distance.m <= asked.within))[1:20]
)
FROM candidate
CROSS JOIN LATERAL (
    SELECT ST_Distance(ST_Transform(candidate.geom, :srid), asked.flat)
) AS distance(m)
WHERE candidate.n = asked.n
