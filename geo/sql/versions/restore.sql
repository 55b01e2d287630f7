-- The features of an earlier version, each known by its id.
INSERT INTO layer_intake_feature (intake_id, n, properties, geom, feature_id, same)
SELECT :intake_id, row_number() OVER (ORDER BY id), properties, geom, id, same
FROM (
    SELECT feature.id, feature.properties, feature.geom, true AS same
    FROM layer
    JOIN layer_feature AS feature ON feature.layer_id = layer.id
    WHERE layer.key = :layer AND feature.since <= :version
    UNION ALL
    SELECT feature.id, feature.properties, feature.geom, false
    FROM layer
    JOIN layer_past_feature AS feature ON feature.layer_id = layer.id
    WHERE layer.key = :layer AND feature.since <= :version AND feature.until > :version
) AS earlier
