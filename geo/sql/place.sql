-- The facts of a drawn place: its measures, attributes of map layers at it, how much of it lies on the layers of rules, and
-- the name of its locality. `place` is the query above (geo/place_query.py). A query whose list is empty costs nothing.
SELECT
    round(ST_Area(flat)::numeric, 2)::double precision AS area_m2,
    round((ST_Length(flat) + ST_Perimeter(flat))::numeric, 2)::double precision AS length_m,
    round(ST_X(spot)::numeric, 6)::double precision AS lon,
    round(ST_Y(spot)::numeric, 6)::double precision AS lat,
    (
        SELECT jsonb_object_agg(lookup.name, answer.value)
        FROM jsonb_to_recordset(CAST(:lookups AS jsonb)) AS lookup(name text, layer text, property text)
        CROSS JOIN LATERAL (
            -- Pieces with the same value count together: a street may be split into many features.
            SELECT feature.properties -> lookup.property AS value
            FROM layer
            JOIN layer_feature AS feature ON feature.layer_id = layer.id
            CROSS JOIN LATERAL ST_Intersection(feature.geom, place.geom) AS shared
            CROSS JOIN LATERAL ST_Transform(shared, :srid) AS flat_shared
            WHERE layer.key = lookup.layer
                AND ST_Intersects(feature.geom, place.geom)
                AND feature.properties -> lookup.property <> 'null'
            GROUP BY value
            ORDER BY sum(ST_Area(flat_shared)) DESC, sum(ST_Length(flat_shared)) DESC, min(feature.id)
            LIMIT 1
        ) AS answer
    ) AS lookups,
    (
        -- How much is on the features of a layer, and how much is not.
        SELECT jsonb_agg(
            jsonb_build_object(
                'layer_exists', layer.id IS NOT NULL,
                'inside', round(measured.inside::numeric, 2)::double precision,
                'outside', round(measured.outside::numeric, 2)::double precision
            )
            ORDER BY rule.n
        )
        FROM jsonb_to_recordset(CAST(:rules AS jsonb)) AS rule(n integer, layer text)
        LEFT JOIN layer ON layer.key = rule.layer
        CROSS JOIN LATERAL (
            SELECT ST_Union(feature.geom) AS geom
            FROM layer_feature AS feature
            WHERE feature.layer_id = layer.id AND ST_Intersects(feature.geom, place.geom)
        ) AS ground
        CROSS JOIN LATERAL (
            SELECT
                CASE ST_Dimension(place.geom)
                    WHEN 2 THEN coalesce(ST_Area(ST_Transform(ST_Intersection(ground.geom, place.geom), :srid)), 0)
                    WHEN 1 THEN coalesce(ST_Length(ST_Transform(ST_Intersection(ground.geom, place.geom), :srid)), 0)
                    ELSE coalesce(ST_Covers(ground.geom, place.geom), false)::integer
                END AS inside,
                CASE ST_Dimension(place.geom)
                    WHEN 2 THEN coalesce(
                        ST_Area(ST_Transform(ST_Difference(place.geom, ground.geom), :srid)), ST_Area(place.flat)
                    )
                    WHEN 1 THEN coalesce(
                        ST_Length(ST_Transform(ST_Difference(place.geom, ground.geom), :srid)), ST_Length(place.flat)
                    )
                    ELSE (NOT coalesce(ST_Covers(ground.geom, place.geom), false))::integer
                END AS outside
        ) AS measured
    ) AS rules,
    (
        -- The version of each layer by which all this was answered.
        SELECT jsonb_object_agg(layer.key, layer.version)
        FROM layer
        WHERE layer.key IN (
            SELECT lookup.layer FROM jsonb_to_recordset(CAST(:lookups AS jsonb)) AS lookup(layer text)
            UNION ALL
            SELECT rule.layer FROM jsonb_to_recordset(CAST(:rules AS jsonb)) AS rule(layer text)
        )
    ) AS layer_versions,
    (
        -- The town or 丁目 whose centre is nearest. A small handicap puts towns that consist of 丁目 behind these.
        SELECT feature.properties ->> 'name'
        FROM layer
        JOIN layer_feature AS feature ON feature.layer_id = layer.id
        CROSS JOIN LATERAL ST_DistanceSphere(feature.geom, spot) AS distance_m
        WHERE layer.key = :locality_layer
            AND feature.properties ->> 'kind' IN ('chome', 'town')
            AND distance_m < 1500
        ORDER BY distance_m + CASE feature.properties ->> 'kind' WHEN 'town' THEN 200 ELSE 0 END
        LIMIT 1
    ) AS locality
FROM place
CROSS JOIN LATERAL ST_PointOnSurface(place.geom) AS spot
