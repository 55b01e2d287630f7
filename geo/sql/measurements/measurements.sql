-- How a drawn place lies to the features of layers: one measurement for each rule and look-up (geo/layer_rules.py), as a JSON array in
-- their order. `place` is the query of geo/place_query.py. `low` and `high` are the measures if the layer were drawn smaller, or larger,
-- by its tolerance; they are absent where no edge is so near, which is what nearly every place pays.
WITH query AS MATERIALIZED (
    SELECT
        asked.*, layer.id AS layer_id, layer.title, layer.version,
        layer.visible_to = 'public' AND layer.in_use AS public,
        tolerance.m AS tolerance_m, place.geom, place.flat, place.dimension, reach.box
    FROM place
    CROSS JOIN jsonb_to_recordset(CAST(:measurements AS jsonb)) AS asked(
        n integer, measure text, layer text, property text, within double precision, "values" jsonb,
        since text, until text, starts_on text, ends_on text
    )
    LEFT JOIN layer ON layer.key = asked.layer
    CROSS JOIN LATERAL (
        SELECT coalesce(layer.tolerance_m, (SELECT tolerance_m FROM layer_setting), 0)
    ) AS tolerance(m)
    LEFT JOIN LATERAL ({nearest}) AS nearest ON true
    CROSS JOIN LATERAL (
        SELECT
            ST_Transform(
                ST_Expand(place.flat, 0.5 + 1.001 * least(asked.within, nearest.m) + 3 * tolerance.m), 4326
            )
    ) AS reach(box)
),
candidate AS MATERIALIZED (
    SELECT asked.n, feature.id, feature.geom, feature.value
    FROM query AS asked
    CROSS JOIN LATERAL (
        SELECT feature.id, feature.geom, feature.properties -> asked.property AS value
        FROM layer_feature AS feature
        WHERE feature.layer_id = asked.layer_id AND feature.geom && asked.box AND {selected}
        OFFSET 0 -- a search in the index for each; the planner takes the list for a hundred and would read the whole table
    ) AS feature
),
moved AS MATERIALIZED (
    SELECT
        around.n,
        around.value,
        CASE around.dimension
            WHEN 2 THEN ST_Area(ST_Intersection(around.place, around.small))
            WHEN 1 THEN ST_Length(ST_Intersection(around.place, around.small))
            ELSE ST_Covers(around.small, around.place)::integer
        END AS low,
        CASE around.dimension
            WHEN 2 THEN ST_Area(ST_Intersection(around.place, around.large))
            WHEN 1 THEN ST_Length(ST_Intersection(around.place, around.large))
            ELSE ST_Covers(around.large, around.place)::integer
        END AS high,
        ST_Length(ST_Intersection(around.outline, around.small)) AS low_run,
        ST_Length(ST_Intersection(around.outline, around.large)) AS high_run
    FROM (
        -- Cut to the surroundings of the place: edges of the cut are farther away than the tolerance.
        SELECT
            asked.n,
            asked.dimension,
            candidate.value,
            asked.flat AS place,
            CASE asked.dimension WHEN 2 THEN ST_Boundary(asked.flat) ELSE asked.flat END AS outline,
            ST_Buffer(ST_Union(cut.flat), -asked.tolerance_m) AS small,
            ST_Buffer(ST_Union(cut.flat), asked.tolerance_m) AS large
        FROM query AS asked
        JOIN candidate ON candidate.n = asked.n
        CROSS JOIN LATERAL (
            SELECT ST_Transform(ST_MakeValid(ST_ClipByBox2D(candidate.geom, Box2D(asked.box))), :srid)
        ) AS cut(flat)
        WHERE asked.n IN (
            SELECT close_by.n
            FROM query AS close_by
            JOIN candidate AS edged ON edged.n = close_by.n
            WHERE close_by.tolerance_m > 0
                AND close_by.measure IN ('ground', 'run', 'values')
                AND ST_Dimension(edged.geom) = 2
                AND ST_Intersects(
                    ST_Boundary(edged.geom), ST_Transform(ST_Expand(close_by.flat, close_by.tolerance_m), 4326)
                )
        )
        GROUP BY asked.n, asked.dimension, asked.flat, asked.tolerance_m, candidate.value
    ) AS around
)
SELECT jsonb_agg(
    jsonb_build_object(
        'layer_exists', asked.layer_id IS NOT NULL,
        'title', asked.title,
        'version', asked.version,
        'public', asked.public,
        'measures', CASE
            {branches}
        END
    )
    ORDER BY asked.n
)
FROM query AS asked
