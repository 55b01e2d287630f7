-- Features that the new version changes keep their id.
UPDATE layer_feature AS feature
SET since = :version, properties = incoming.properties, geom = incoming.geom
FROM layer_intake_feature AS incoming
WHERE incoming.intake_id = :intake_id AND incoming.feature_id = feature.id AND NOT incoming.same
    AND feature.layer_id = :layer_id
