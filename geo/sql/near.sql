-- The features of some layers that are nearest to a point, at most so many. `layers` are ids of layers, `point` is one in lon/lat.
-- Who is nearest in degrees need not be nearest on the ground, but bounds how far that can be; what lies within that bound is measured.
-- Plan: Index Scan on ix_layer_feature_geom in the order of <->, then once more within the bound.
WITH place AS MATERIALIZED (
    SELECT point.geom, ST_Transform(point.geom, :srid) AS flat
    FROM ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS point(geom)
),
candidate AS MATERIALIZED (
    SELECT feature.geom
    FROM layer_feature AS feature
    WHERE feature.layer_id = ANY(:layers)
    ORDER BY feature.geom <-> (SELECT geom FROM place)
    LIMIT :most
),
reach AS MATERIALIZED (
    SELECT ST_Expand(place.geom, bound.m / 85000, bound.m / 110000) AS box
    FROM place
    CROSS JOIN LATERAL (
        SELECT max(ST_Distance(ST_Transform(candidate.geom, :srid), place.flat)) + 1 AS m FROM candidate
    ) AS bound
)
SELECT
    feature.id,
    layer.key,
    feature.properties - layer.hidden_columns AS properties,
    ST_X(spot.geom) AS lon,
    ST_Y(spot.geom) AS lat,
    measured.m AS metres,
    degrees(ST_Azimuth(place.flat, ST_ClosestPoint(measured.flat, place.flat))) AS azimuth
FROM place
CROSS JOIN reach
JOIN layer_feature AS feature ON feature.geom && reach.box AND feature.layer_id = ANY(:layers)
JOIN layer ON layer.id = feature.layer_id
CROSS JOIN LATERAL ST_PointOnSurface(feature.geom) AS spot(geom)
CROSS JOIN LATERAL (
    SELECT shape.flat, ST_Distance(shape.flat, place.flat) AS m
    FROM ST_Transform(feature.geom, :srid) AS shape(flat)
) AS measured
ORDER BY measured.m, feature.id
LIMIT :most
