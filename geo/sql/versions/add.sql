-- Features that are new, or come back under the id that they had.
INSERT INTO layer_feature (id, layer_id, since, properties, geom)
OVERRIDING SYSTEM VALUE
SELECT
    coalesce(incoming.feature_id, nextval(pg_get_serial_sequence('layer_feature', 'id'))),
    :layer_id, :version, incoming.properties, incoming.geom
FROM (
    SELECT * FROM layer_intake_feature
    WHERE intake_id = :intake_id
        AND NOT EXISTS (SELECT FROM layer_feature WHERE layer_feature.id = layer_intake_feature.feature_id)
    ORDER BY n
) AS incoming
