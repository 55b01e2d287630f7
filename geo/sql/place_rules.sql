-- How a drawn place lies to each asked layer: how much is on its features, how much is not, how far the nearest is.
WITH place AS MATERIALIZED (
    SELECT geom, ST_Transform(geom, :srid) AS flat
    FROM (SELECT ST_SetSRID(ST_Force2D(ST_GeomFromGeoJSON(:geometry)), 4326) AS geom) AS drawn
)
SELECT
    layer.id IS NOT NULL AS layer_known,
    round(measured.inside::numeric, 2)::double precision AS inside,
    round(measured.outside::numeric, 2)::double precision AS outside,
    round(nearest.distance_m::numeric, 2)::double precision AS distance_m
FROM place
CROSS JOIN jsonb_to_recordset(CAST(:rules AS jsonb)) AS asked(n integer, layer text)
LEFT JOIN layer ON layer.key = asked.layer
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
            WHEN 2 THEN coalesce(ST_Area(ST_Transform(ST_Difference(place.geom, ground.geom), :srid)), ST_Area(place.flat))
            WHEN 1 THEN coalesce(ST_Length(ST_Transform(ST_Difference(place.geom, ground.geom), :srid)), ST_Length(place.flat))
            ELSE (NOT coalesce(ST_Covers(ground.geom, place.geom), false))::integer
        END AS outside
) AS measured
CROSS JOIN LATERAL (
    -- The index knows degrees only; the nearest few by degrees are measured in metres.
    SELECT min(ST_Distance(ST_Transform(close.geom, :srid), place.flat)) AS distance_m
    FROM (
        SELECT feature.geom
        FROM layer_feature AS feature
        WHERE feature.layer_id = layer.id
        ORDER BY feature.geom <-> place.geom
        LIMIT 8
    ) AS close
) AS nearest
ORDER BY asked.n
