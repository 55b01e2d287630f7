-- The nearest position at which a drawn place, moved as it is, is clear of its neighbours; else what is left of it after their
-- ground is cut away. Either only where the rules about layers hold. All measures are metres.
-- `place`, `reach` (the place and all that it can be moved to) and `neighbour` are queries above (geo/adjustment.py).
WITH neighbours AS MATERIALIZED (
    SELECT
        count(*) AS number,
        coalesce(
            ST_Union(ST_Buffer(ST_Transform(neighbour.geom, :srid), :margin_m, 'join=mitre')),
            ST_GeomFromText('POLYGON EMPTY', :srid)
        ) AS flat
    FROM neighbour
),
ground AS MATERIALIZED (
    -- A row for each rule whose layer exists. At least `required` of the place must stay on the layer: moved off the road
    -- it was drawn on, it would be of no use. Half a centimetre closes the joints between a layer's features.
    SELECT
        rule.kind = 'inside' OR place.dimension = 0 AS whole,
        rule.flat,
        greatest(0.02, ST_Area(shared) + ST_Length(shared) - 0.01) AS required
    FROM place
    CROSS JOIN (
        SELECT
            rule.kind,
            coalesce(
                ST_Buffer(ST_Union(ST_Transform(ST_Intersection(feature.geom, reach.geom), :srid)), 0.005),
                ST_GeomFromText('POLYGON EMPTY', :srid)
            ) AS flat
        FROM reach
        CROSS JOIN jsonb_to_recordset(CAST(:rules AS jsonb)) AS rule(n integer, kind text, layer text)
        JOIN layer ON layer.key = rule.layer
        LEFT JOIN layer_feature AS feature ON feature.layer_id = layer.id AND ST_Intersects(feature.geom, reach.geom)
        GROUP BY rule.n, rule.kind
    ) AS rule
    CROSS JOIN LATERAL ST_Intersection(rule.flat, place.flat) AS shared
),
direction AS MATERIALIZED (
    -- The eight winds, and along and across the place itself: roads seldom run by the compass.
    SELECT radians(45 * n) AS bearing
    FROM generate_series(0, 7) AS n
    UNION ALL
    SELECT ST_Azimuth(ST_PointN(outline, n), ST_PointN(outline, n + 1))
    FROM place
    CROSS JOIN LATERAL ST_ExteriorRing(ST_OrientedEnvelope(place.flat)) AS outline
    CROSS JOIN generate_series(1, 4) AS n
    WHERE place.dimension = 2
),
candidate AS (
    (
        SELECT step.distance_m, degrees(direction.bearing) AS bearing, moved.flat
        FROM place
        CROSS JOIN neighbours
        CROSS JOIN direction
        CROSS JOIN LATERAL (SELECT n * :step_m AS distance_m FROM generate_series(0, :steps) AS n) AS step
        CROSS JOIN LATERAL (
            SELECT
                ST_Translate(
                    place.flat, step.distance_m * sin(direction.bearing), step.distance_m * cos(direction.bearing)
                ) AS flat
        ) AS moved
        WHERE neighbours.number <= :max_neighbours
            AND NOT ST_Intersects(neighbours.flat, moved.flat)
            AND NOT EXISTS (
                SELECT
                FROM ground
                CROSS JOIN LATERAL ST_Intersection(ground.flat, moved.flat) AS shared
                WHERE CASE
                    WHEN ground.whole THEN NOT ST_Covers(ground.flat, moved.flat)
                    ELSE ST_Area(shared) + ST_Length(shared) < ground.required
                END
            )
        ORDER BY step.distance_m, direction.bearing
        LIMIT 1
    )
    UNION ALL
    SELECT NULL, NULL, rest.flat
    FROM place
    CROSS JOIN neighbours
    CROSS JOIN LATERAL (SELECT ST_Difference(place.flat, neighbours.flat) AS flat) AS rest
    WHERE neighbours.number <= :max_neighbours
        AND place.dimension = 2
        AND ST_GeometryType(rest.flat) = 'ST_Polygon'
        AND ST_NumInteriorRings(rest.flat) = 0
        AND ST_Area(rest.flat) >= :min_remainder * ST_Area(place.flat)
        AND NOT EXISTS (
            SELECT
            FROM ground
            CROSS JOIN LATERAL ST_Intersection(ground.flat, rest.flat) AS shared
            WHERE CASE WHEN ground.whole THEN NOT ST_Covers(ground.flat, rest.flat) ELSE ST_Area(shared) < 0.02 END
        )
)
SELECT distance_m, bearing, ST_AsGeoJSON(ST_Transform(flat, 4326), :decimals)::jsonb AS geometry
FROM candidate
ORDER BY distance_m NULLS LAST
LIMIT 1
