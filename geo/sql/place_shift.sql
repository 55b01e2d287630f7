-- The nearest spot at which a drawn place, moved as it is, lies clear of others; else what is left of it where it stands
-- when the others' ground is cut away. Either only where the rules about layers hold. All measures are metres.
WITH place AS MATERIALIZED (
    SELECT geom, ST_Transform(geom, :srid) AS flat, ST_Dimension(geom) AS dimension
    FROM (SELECT ST_SetSRID(ST_Force2D(ST_GeomFromGeoJSON(:geometry)), 4326) AS geom) AS drawn
),
reach AS MATERIALIZED (
    SELECT ST_Transform(ST_Expand(flat, :farthest_m + 1), 4326) AS geom FROM place
),
others AS MATERIALIZED (
    SELECT
        count(*) AS number,
        coalesce(
            ST_Union(ST_Buffer(ST_Transform(near.geom, :srid), :margin_m, 'join=mitre')),
            ST_GeomFromText('POLYGON EMPTY', :srid)
        ) AS flat
    FROM (
        SELECT other.geom
        FROM reach
        JOIN case_place AS other ON ST_Intersects(other.geom, reach.geom)
        WHERE EXISTS (
            SELECT
            FROM jsonb_to_recordset(CAST(:others AS jsonb)) AS asked(
                procedure_key text, states text[], starts_on date, ends_on date, exclude_case bigint
            )
            WHERE other.procedure_key = asked.procedure_key
                AND other.state = ANY (asked.states)
                AND (asked.exclude_case IS NULL OR other.case_id <> asked.exclude_case)
                AND daterange(other.starts_on, other.ends_on, '[]') && daterange(asked.starts_on, asked.ends_on, '[]')
        )
        LIMIT :most_others + 1
    ) AS near
),
ground AS MATERIALIZED (
    -- A row for each rule whose layer the city has. `keeps` is how much of the place must go on lying there: what stood
    -- on a road and is moved off it would be of no use. Half a centimetre closes the joints between a layer's features.
    SELECT
        asked.kind = 'inside' OR place.dimension = 0 AS wholly,
        asked.flat,
        greatest(0.02, ST_Area(shared) + ST_Length(shared) - 0.01) AS keeps
    FROM place
    CROSS JOIN (
        SELECT
            asked.kind,
            coalesce(
                ST_Buffer(ST_Union(ST_Transform(ST_Intersection(feature.geom, reach.geom), :srid)), 0.005),
                ST_GeomFromText('POLYGON EMPTY', :srid)
            ) AS flat
        FROM reach
        CROSS JOIN jsonb_to_recordset(CAST(:rules AS jsonb)) AS asked(n integer, kind text, layer text)
        JOIN layer ON layer.key = asked.layer
        LEFT JOIN layer_feature AS feature ON feature.layer_id = layer.id AND ST_Intersects(feature.geom, reach.geom)
        GROUP BY asked.n, asked.kind
    ) AS asked
    CROSS JOIN LATERAL ST_Intersection(asked.flat, place.flat) AS shared
),
way AS MATERIALIZED (
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
found AS (
    (
        SELECT far.metres, degrees(way.bearing) AS bearing, spot.flat
        FROM place
        CROSS JOIN others
        CROSS JOIN way
        CROSS JOIN LATERAL (SELECT n * :step_m AS metres FROM generate_series(0, :steps) AS n) AS far
        CROSS JOIN LATERAL (
            SELECT ST_Translate(place.flat, far.metres * sin(way.bearing), far.metres * cos(way.bearing)) AS flat
        ) AS spot
        WHERE others.number <= :most_others
            AND NOT ST_Intersects(others.flat, spot.flat)
            AND NOT EXISTS (
                SELECT
                FROM ground
                CROSS JOIN LATERAL ST_Intersection(ground.flat, spot.flat) AS shared
                WHERE CASE
                    WHEN ground.wholly THEN NOT ST_Covers(ground.flat, spot.flat)
                    ELSE ST_Area(shared) + ST_Length(shared) < ground.keeps
                END
            )
        ORDER BY far.metres, way.bearing
        LIMIT 1
    )
    UNION ALL
    SELECT NULL, NULL, rest.flat
    FROM place
    CROSS JOIN others
    CROSS JOIN LATERAL (SELECT ST_Difference(place.flat, others.flat) AS flat) AS rest
    WHERE others.number <= :most_others
        AND place.dimension = 2
        AND ST_GeometryType(rest.flat) = 'ST_Polygon'
        AND ST_NumInteriorRings(rest.flat) = 0
        AND ST_Area(rest.flat) >= :least_left * ST_Area(place.flat)
        AND NOT EXISTS (
            SELECT
            FROM ground
            CROSS JOIN LATERAL ST_Intersection(ground.flat, rest.flat) AS shared
            WHERE CASE WHEN ground.wholly THEN NOT ST_Covers(ground.flat, rest.flat) ELSE ST_Area(shared) < 0.02 END
        )
)
SELECT metres, bearing, ST_AsGeoJSON(ST_Transform(flat, 4326), :decimals)::jsonb AS geometry
FROM found
ORDER BY metres NULLS LAST
LIMIT 1
