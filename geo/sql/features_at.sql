-- The features of every layer in use that touch a drawn place: the largest share of it first, at most so many of a layer.
-- `place` is the query of geo/place_query.py. Plan: Index Scan on ix_layer_feature_geom.
SELECT
    layer.key,
    layer.title,
    layer.version,
    layer.visible_to,
    layer.owner,
    layer.viewers,
    layer.editors,
    count(*) AS number,
    jsonb_agg(
        jsonb_build_object(
            'id', touching.id, 'since', touching.since, 'properties', touching.properties,
            'area_m2', round(touching.area::numeric, 2), 'length_m', round(touching.length::numeric, 2)
        )
        ORDER BY touching.rank
    ) FILTER (WHERE touching.rank <= :most) AS features
FROM (
    SELECT
        feature.layer_id, feature.id, feature.since, feature.properties, size.area, size.length,
        row_number() OVER (PARTITION BY feature.layer_id ORDER BY size.area DESC, size.length DESC, feature.id) AS rank
    FROM place
    JOIN layer_feature AS feature ON ST_Intersects(feature.geom, place.geom)
    CROSS JOIN LATERAL ST_Transform(ST_Intersection(feature.geom, place.geom), :srid) AS shared
    CROSS JOIN LATERAL (SELECT ST_Area(shared) AS area, ST_Length(shared) AS length) AS size
) AS touching
JOIN layer ON layer.id = touching.layer_id
WHERE layer.in_use
GROUP BY layer.id
ORDER BY layer.sort, layer.id
