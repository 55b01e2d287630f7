-- Other places of a procedure that share ground and days with a drawn one, the largest overlap first.
WITH place AS MATERIALIZED (
    SELECT ST_SetSRID(ST_Force2D(ST_GeomFromGeoJSON(:geometry)), 4326) AS geom
)
SELECT
    other.id AS place_id,
    other.case_id,
    case_file.number,
    other.status,
    other.state,
    other.starts_on,
    other.ends_on,
    round(ST_Area(ST_Transform(shared, :srid))::numeric, 2)::double precision AS overlap_m2,
    ST_AsGeoJSON(shared, 7)::jsonb AS overlap,
    ST_AsGeoJSON(other.geom, 7)::jsonb AS geometry
FROM place
JOIN case_place AS other ON ST_Intersects(other.geom, place.geom)
JOIN case_file ON case_file.id = other.case_id
CROSS JOIN LATERAL ST_Intersection(other.geom, place.geom) AS shared
WHERE other.procedure_key = :procedure_key
    AND other.state = ANY (:states)
    AND (CAST(:exclude_case AS bigint) IS NULL OR other.case_id <> :exclude_case)
    AND daterange(other.starts_on, other.ends_on, '[]') && daterange(:starts_on, :ends_on, '[]')
    -- Two areas side by side share an edge, which harms nobody.
    AND (ST_Dimension(shared) = 2 OR ST_Dimension(other.geom) < 2 OR ST_Dimension(place.geom) < 2)
ORDER BY overlap_m2 DESC, other.id
LIMIT :limit
