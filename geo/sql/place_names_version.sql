-- What names the version of a city's place names in its database: its table, and in that a row that is never changed.
SELECT 'layer_version'::regclass::oid::bigint AS relation, coalesce(max(version.id), 0) AS version
FROM layer
LEFT JOIN layer_version AS version ON version.layer_id = layer.id AND version.number = layer.version
WHERE layer.key = :layer
