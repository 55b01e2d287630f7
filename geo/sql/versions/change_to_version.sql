-- How many features an earlier version would add, change, remove and leave as they are.
SELECT
    count(*) FILTER (WHERE earlier.id IS NOT NULL AND present.id IS NULL) AS added,
    count(*) FILTER (WHERE earlier.id IS NOT NULL AND present.id IS NOT NULL AND NOT earlier.same) AS changed,
    count(*) FILTER (WHERE earlier.id IS NULL) AS removed,
    count(*) FILTER (WHERE earlier.same) AS same
FROM (
    SELECT feature.id, true AS same
    FROM layer
    JOIN layer_feature AS feature ON feature.layer_id = layer.id
    WHERE layer.key = :layer AND feature.since <= :version
    UNION ALL
    SELECT feature.id, false
    FROM layer
    JOIN layer_past_feature AS feature ON feature.layer_id = layer.id
    WHERE layer.key = :layer AND feature.since <= :version AND feature.until > :version
) AS earlier
FULL JOIN (
    SELECT feature.id FROM layer JOIN layer_feature AS feature ON feature.layer_id = layer.id WHERE layer.key = :layer
) AS present ON present.id = earlier.id
