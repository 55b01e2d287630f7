-- Everything that is asked about a drawn place, in one round trip: its measures, what layers say about it, how it lies
-- to the layers of rules, other places in its way, and the name of where it is. A question not asked costs nothing.
WITH place AS MATERIALIZED (
    SELECT geom, ST_Transform(geom, :srid) AS flat
    FROM (SELECT ST_SetSRID(ST_Force2D(ST_GeomFromGeoJSON(:geometry)), 4326) AS geom) AS drawn
)
SELECT
    round(ST_Area(flat)::numeric, 2)::double precision AS area_m2,
    round((ST_Length(flat) + ST_Perimeter(flat))::numeric, 2)::double precision AS length_m,
    round(ST_X(spot)::numeric, 6)::double precision AS lon,
    round(ST_Y(spot)::numeric, 6)::double precision AS lat,
    (
        SELECT jsonb_object_agg(asked.name, answer.value)
        FROM jsonb_to_recordset(CAST(:look_ups AS jsonb)) AS asked(name text, layer text, property text)
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
    ) AS found,
    (
        -- How much is on the features of a layer, and how much is not.
        SELECT jsonb_agg(
            jsonb_build_object(
                'layer_known', layer.id IS NOT NULL,
                'inside', round(measured.inside::numeric, 2)::double precision,
                'outside', round(measured.outside::numeric, 2)::double precision
            )
            ORDER BY asked.n
        )
        FROM jsonb_to_recordset(CAST(:rules AS jsonb)) AS asked(n integer, layer text)
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
        -- Places of a procedure that share ground and days with this one, the largest overlap first.
        SELECT jsonb_agg(to_jsonb(other) ORDER BY other.n, other.overlap_m2 DESC, other.place_id)
        FROM jsonb_to_recordset(CAST(:others AS jsonb)) AS asked(
            n integer, procedure_key text, states text[], starts_on date, ends_on date, exclude_case bigint, most integer
        )
        CROSS JOIN LATERAL (
            SELECT
                asked.n,
                other.id AS place_id,
                other.case_id,
                case_file.number,
                other.status,
                other.state,
                other.starts_on,
                other.ends_on,
                round(ST_Area(ST_Transform(shared, :srid))::numeric, 2)::double precision AS overlap_m2,
                ST_AsGeoJSON(shared, 7)::jsonb AS overlap,
                ST_AsGeoJSON(other.geom, 7)::jsonb AS geometry
            FROM case_place AS other
            JOIN case_file ON case_file.id = other.case_id
            CROSS JOIN LATERAL ST_Intersection(other.geom, place.geom) AS shared
            WHERE ST_Intersects(other.geom, place.geom)
                AND other.procedure_key = asked.procedure_key
                AND other.state = ANY (asked.states)
                AND (asked.exclude_case IS NULL OR other.case_id <> asked.exclude_case)
                AND daterange(other.starts_on, other.ends_on, '[]') && daterange(asked.starts_on, asked.ends_on, '[]')
                -- Two areas side by side share an edge, which harms nobody.
                AND (ST_Dimension(shared) = 2 OR ST_Dimension(other.geom) < 2 OR ST_Dimension(place.geom) < 2)
            ORDER BY overlap_m2 DESC, other.id
            LIMIT asked.most
        ) AS other
    ) AS conflicts,
    (
        -- The town or 丁目 whose centre is nearest. Towns that consist of 丁目 stand back behind them by a small handicap.
        SELECT feature.properties ->> 'name'
        FROM layer
        JOIN layer_feature AS feature ON feature.layer_id = layer.id
        CROSS JOIN LATERAL ST_DistanceSphere(feature.geom, spot) AS metres
        WHERE layer.key = :names
            AND feature.properties ->> 'kind' IN ('chome', 'town')
            AND metres < 1500
        ORDER BY metres + CASE feature.properties ->> 'kind' WHEN 'town' THEN 200 ELSE 0 END
        LIMIT 1
    ) AS near
FROM place
CROSS JOIN LATERAL ST_PointOnSurface(place.geom) AS spot
