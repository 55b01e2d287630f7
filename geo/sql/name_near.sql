-- The house number nearest to a spot, and the town or 丁目 around it. The box in degrees is wider than the metres anywhere in Japan.
SELECT
    (
        SELECT feature.properties ->> 'name'
        FROM layer
        JOIN layer_feature AS feature ON feature.layer_id = layer.id
        CROSS JOIN LATERAL ST_DistanceSphere(feature.geom, spot) AS distance_m
        WHERE layer.key = :address_layer
            AND layer.in_use
            AND feature.geom && ST_Expand(spot, :house_m / 80000.0)
            AND distance_m < :house_m
        ORDER BY distance_m, feature.id
        LIMIT 1
    ) AS house,
    ({locality}) AS town
FROM (SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS spot) AS place
