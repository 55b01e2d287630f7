-- The feature that is nearest in degrees need not be the nearest on the ground, but it bounds how far that can be.
SELECT ST_Distance(ST_Transform(feature.geom, :srid), place.flat) AS m
FROM layer_feature AS feature
WHERE asked.measure = 'nearest' AND feature.layer_id = layer.id AND {selected}
ORDER BY feature.geom <-> place.geom
LIMIT 1
