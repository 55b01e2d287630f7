-- The town or 丁目 whose centre is nearest. A small handicap puts towns that consist of 丁目 behind these.
SELECT feature.properties ->> 'name'
FROM layer
JOIN layer_feature AS feature ON feature.layer_id = layer.id
CROSS JOIN LATERAL ST_DistanceSphere(feature.geom, spot) AS distance_m
WHERE layer.key = :locality_layer
    AND feature.properties ->> 'kind' IN ('chome', 'town')
    AND distance_m < 1500
ORDER BY distance_m + CASE feature.properties ->> 'kind' WHEN 'town' THEN 200 ELSE 0 END
LIMIT 1
