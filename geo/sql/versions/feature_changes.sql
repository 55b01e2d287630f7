-- So many features that a compared intake adds, changes and removes, with what differs; shapes as coarse as a small map shows them.
WITH outcomes AS (
    (
        SELECT 1 AS part, 'added' AS outcome, n AS place, properties, geom, NULL::jsonb AS former, NULL::geometry AS former_geom
        FROM layer_intake_feature
        WHERE intake_id = :intake_id
            AND NOT EXISTS (SELECT FROM layer_feature WHERE layer_feature.id = layer_intake_feature.feature_id)
        ORDER BY n
        LIMIT :limit
    )
    UNION ALL
    (
        SELECT 2, 'changed', incoming.n, incoming.properties, incoming.geom, feature.properties, feature.geom
        FROM layer_intake_feature AS incoming
        JOIN layer_feature AS feature ON feature.id = incoming.feature_id
        WHERE incoming.intake_id = :intake_id AND NOT incoming.same
        ORDER BY incoming.n
        LIMIT :limit
    )
    UNION ALL
    (
        SELECT 3, 'removed', feature.id, feature.properties, feature.geom, NULL, NULL
        FROM layer
        JOIN layer_feature AS feature ON feature.layer_id = layer.id
        WHERE layer.key = :layer
            AND NOT EXISTS (
                SELECT FROM layer_intake_feature AS incoming
                WHERE incoming.intake_id = :intake_id AND incoming.feature_id = feature.id
            )
        ORDER BY feature.id
        LIMIT :limit
    )
)
SELECT
    outcome,
    coalesce(properties ->> CAST(:label AS text), '') AS label,
    ARRAY(
        SELECT name FROM jsonb_each(properties || coalesce(former, '{}')) AS each_of(name, value)
        WHERE former IS NOT NULL AND properties -> name IS DISTINCT FROM former -> name
        ORDER BY name
    ) AS differs,
    former_geom IS NOT NULL AND ST_AsEWKB(geom) <> ST_AsEWKB(former_geom) AS moved,
    CAST(ST_AsGeoJSON(ST_SimplifyPreserveTopology(geom, 0.00002), 6) AS json) AS shape
FROM outcomes
ORDER BY part, place
