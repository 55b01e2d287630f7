-- The properties of the features of an intake with the type of their values.
SELECT name, CASE WHEN count(DISTINCT jsonb_typeof(value)) = 1 THEN min(jsonb_typeof(value)) ELSE 'mixed' END AS kind
FROM layer_intake_feature, jsonb_each(properties) AS property(name, value)
WHERE intake_id = :intake_id AND value <> 'null'
GROUP BY name
