-- Features that the new version changes or removes, as they were until it.
INSERT INTO layer_past_feature (id, layer_id, since, until, properties, geom)
SELECT feature.id, feature.layer_id, feature.since, :version, feature.properties, feature.geom
FROM layer_feature AS feature
LEFT JOIN layer_intake_feature AS incoming ON incoming.intake_id = :intake_id AND incoming.feature_id = feature.id
WHERE feature.layer_id = :layer_id AND incoming.same IS NOT TRUE
