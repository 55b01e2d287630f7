-- Place names that hold the wanted text in name or reading; a city has a few hundred, so they are read in full.
SELECT name, kana, kind, ST_X(geom) AS lon, ST_Y(geom) AS lat
FROM (
    SELECT
        feature.properties ->> 'name' AS name,
        coalesce(feature.properties ->> 'kana', '') AS kana,
        coalesce(feature.properties ->> 'kind', '') AS kind,
        feature.geom
    FROM layer
    JOIN layer_feature AS feature ON feature.layer_id = layer.id
    WHERE layer.key = :layer
) AS place
WHERE strpos(name, :wanted) > 0 OR strpos(kana, :wanted) > 0
ORDER BY
    name <> :wanted,
    NOT (starts_with(name, :wanted) OR starts_with(kana, :wanted)),
    char_length(name),
    name
LIMIT :limit
