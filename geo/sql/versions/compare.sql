-- Which feature of the layer each feature of the intake is. A second feature of the same key, or of the same content, is the second there.
WITH chosen AS (SELECT id, CAST(:known_by AS text) AS known_by FROM layer WHERE key = :layer),
present AS (
    SELECT
        feature.id, feature.properties, feature.geom, known.by,
        row_number() OVER (PARTITION BY known.by ORDER BY feature.id) AS occurrence
    FROM chosen
    JOIN layer_feature AS feature ON feature.layer_id = chosen.id
    CROSS JOIN LATERAL (
        SELECT CASE
            WHEN chosen.known_by IS NULL THEN md5(feature.properties::text || ST_AsEWKB(feature.geom)::text)
            ELSE feature.properties ->> chosen.known_by
        END AS by
    ) AS known
    WHERE known.by IS NOT NULL
),
coming AS (
    SELECT
        incoming.n, incoming.properties, incoming.geom, known.by,
        row_number() OVER (PARTITION BY known.by ORDER BY incoming.n) AS occurrence
    FROM chosen
    CROSS JOIN layer_intake_feature AS incoming
    CROSS JOIN LATERAL (
        SELECT CASE
            WHEN chosen.known_by IS NULL THEN md5(incoming.properties::text || ST_AsEWKB(incoming.geom)::text)
            ELSE incoming.key
        END AS by
    ) AS known
    WHERE incoming.intake_id = :intake_id AND known.by IS NOT NULL
)
UPDATE layer_intake_feature AS target
SET feature_id = present.id,
    same = present.properties = coming.properties AND ST_AsEWKB(present.geom) = ST_AsEWKB(coming.geom)
FROM coming
JOIN present ON coming.by = present.by AND coming.occurrence = present.occurrence
WHERE target.intake_id = :intake_id AND target.n = coming.n
