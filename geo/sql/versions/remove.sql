-- Features that the new version has no longer.
DELETE FROM layer_feature AS feature
WHERE feature.layer_id = :layer_id
    AND NOT EXISTS (
        SELECT FROM layer_intake_feature AS incoming
        WHERE incoming.intake_id = :intake_id AND incoming.feature_id = feature.id
    )
