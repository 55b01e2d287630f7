-- How many features an intake that was compared adds, changes, removes and leaves as they are.
SELECT
    count(*) FILTER (WHERE feature.id IS NULL) AS added,
    count(*) FILTER (WHERE feature.id IS NOT NULL AND NOT incoming.same) AS changed,
    (SELECT count(*) FROM layer_feature JOIN layer ON layer.id = layer_id WHERE layer.key = :layer)
        - count(feature.id) AS removed,
    count(*) FILTER (WHERE feature.id IS NOT NULL AND incoming.same) AS same
FROM layer_intake_feature AS incoming
LEFT JOIN layer_feature AS feature ON feature.id = incoming.feature_id
WHERE incoming.intake_id = :intake_id
