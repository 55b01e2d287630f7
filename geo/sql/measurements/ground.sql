-- How much of the place is on features taken together, and how much is not. What has no area or length of its own
-- there (a line in an area, a crossing) meets it with its interior.
SELECT jsonb_build_object(
    'dimension', asked.dimension,
    'total', round(size.total::numeric, 2),
    'inside', round(size.inside::numeric, 2),
    'outside', round(size.outside::numeric, 2),
    'run', round(size.run::numeric, 2),
    'meets', size.inside > 0 OR coalesce(
        ST_Dimension(ground.geom) < 2 AND ST_Relate(ground.geom, asked.geom, 'T********'), false
    ),
    'low', round(moved.low::numeric, 2),
    'high', round(moved.high::numeric, 2),
    'low_run', round(moved.low_run::numeric, 2),
    'high_run', round(moved.high_run::numeric, 2),
    'features', ground.features
)
FROM (
    SELECT
        ST_Union(candidate.geom) AS geom,
        (array_agg(candidate.id ORDER BY candidate.id))[1:20] AS features
    FROM candidate
    WHERE candidate.n = asked.n AND (
        ST_Intersects(candidate.geom, asked.geom)
        OR asked.measure = 'run'
            AND ST_DWithin(ST_Transform(candidate.geom, :srid), asked.flat, :contact_m)
    )
) AS ground
LEFT JOIN moved ON moved.n = asked.n
CROSS JOIN LATERAL (SELECT ST_Transform(ST_Intersection(ground.geom, asked.geom), :srid)) AS shared(flat)
CROSS JOIN LATERAL (
    SELECT
        CASE asked.dimension
            WHEN 2 THEN ST_Area(asked.flat)
            WHEN 1 THEN ST_Length(asked.flat)
            ELSE 1
        END AS total,
        CASE asked.dimension
            WHEN 2 THEN coalesce(ST_Area(shared.flat), 0)
            WHEN 1 THEN coalesce(ST_Length(shared.flat), 0)
            ELSE coalesce(ST_Covers(ground.geom, asked.geom), false)::integer
        END AS inside,
        CASE asked.dimension
            WHEN 2 THEN coalesce(
                ST_Area(ST_Transform(ST_Difference(asked.geom, ground.geom), :srid)), ST_Area(asked.flat)
            )
            WHEN 1 THEN coalesce(
                ST_Length(ST_Transform(ST_Difference(asked.geom, ground.geom), :srid)), ST_Length(asked.flat)
            )
            ELSE (NOT coalesce(ST_Covers(ground.geom, asked.geom), false))::integer
        END AS outside,
        CASE
            WHEN asked.measure = 'run' AND asked.dimension = 2 AND ST_Dimension(ground.geom) = 2 THEN ST_Length(
                ST_Intersection(
                    ST_Buffer(ST_Transform(ground.geom, :srid), :contact_m), ST_Boundary(asked.flat)
                )
            )
            ELSE coalesce(ST_Length(shared.flat), 0)
        END AS run
) AS size
