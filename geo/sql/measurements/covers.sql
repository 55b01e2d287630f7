SELECT jsonb_build_object(
    'count', count(*) FILTER (WHERE ST_Covers(asked.flat, feature.flat)),
    'low', count(*) FILTER (WHERE ST_Covers(ST_Buffer(asked.flat, -asked.tolerance_m), feature.flat)),
    'high', count(*) FILTER (WHERE ST_Covers(ST_Buffer(asked.flat, asked.tolerance_m), feature.flat)),
    'features', (
        array_agg(candidate.id ORDER BY candidate.id) FILTER (WHERE ST_Covers(asked.flat, feature.flat))
    )[1:20]
)
FROM candidate
CROSS JOIN LATERAL (SELECT ST_Transform(candidate.geom, :srid)) AS feature(flat)
WHERE candidate.n = asked.n
