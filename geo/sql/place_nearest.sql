-- The town or 丁目 whose centre is nearest. Towns that consist of 丁目 stand back behind them by a small handicap.
SELECT feature.properties ->> 'name' AS name
FROM layer
JOIN layer_feature AS feature ON feature.layer_id = layer.id
CROSS JOIN LATERAL ST_DistanceSphere(feature.geom, ST_SetSRID(ST_Point(:lon, :lat), 4326)) AS metres
WHERE layer.key = :layer
    AND feature.properties ->> 'kind' IN ('chome', 'town')
    AND metres < 1500
ORDER BY metres + CASE feature.properties ->> 'kind' WHEN 'town' THEN 200 ELSE 0 END
LIMIT 1
