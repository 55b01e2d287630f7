-- Measures of a drawn place, and what the asked layers say about it.
WITH place AS MATERIALIZED (
    SELECT geom, ST_Transform(geom, :srid) AS flat
    FROM (SELECT ST_SetSRID(ST_Force2D(ST_GeomFromGeoJSON(:geometry)), 4326) AS geom) AS drawn
)
SELECT
    (SELECT round(ST_Area(flat)::numeric, 2)::double precision FROM place) AS area_m2,
    (SELECT round((ST_Length(flat) + ST_Perimeter(flat))::numeric, 2)::double precision FROM place) AS length_m,
    (SELECT round(ST_X(ST_PointOnSurface(geom))::numeric, 6)::double precision FROM place) AS lon,
    (SELECT round(ST_Y(ST_PointOnSurface(geom))::numeric, 6)::double precision FROM place) AS lat,
    (
        SELECT jsonb_object_agg(asked.name, answer.value)
        FROM place
        CROSS JOIN jsonb_to_recordset(CAST(:look_ups AS jsonb)) AS asked(name text, layer text, property text)
        CROSS JOIN LATERAL (
            -- Pieces with the same value count together: a street may be drawn as many features.
            SELECT feature.properties -> asked.property AS value
            FROM layer
            JOIN layer_feature AS feature ON feature.layer_id = layer.id
            CROSS JOIN LATERAL ST_Intersection(feature.geom, place.geom) AS shared
            CROSS JOIN LATERAL ST_Transform(shared, :srid) AS flat_shared
            WHERE layer.key = asked.layer
                AND ST_Intersects(feature.geom, place.geom)
                AND feature.properties -> asked.property <> 'null'
            GROUP BY value
            ORDER BY sum(ST_Area(flat_shared)) DESC, sum(ST_Length(flat_shared)) DESC, min(feature.id)
            LIMIT 1
        ) AS answer
    ) AS found
