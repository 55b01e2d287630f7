-- Every place name of a city, a few hundred. They are compared in Python: the database does not know how writings are folded.
SELECT
    feature.properties ->> 'name' AS name,
    coalesce(feature.properties ->> 'kana', '') AS kana,
    coalesce(feature.properties ->> 'kind', '') AS kind,
    coalesce(feature.properties ->> 'former', '') AS former,
    feature.properties ->> 'address' AS address,
    ST_X(feature.geom) AS lon,
    ST_Y(feature.geom) AS lat
FROM layer
JOIN layer_feature AS feature ON feature.layer_id = layer.id
WHERE layer.key = :layer AND feature.properties ->> 'name' IS NOT NULL
