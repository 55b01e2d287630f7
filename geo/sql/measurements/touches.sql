SELECT jsonb_build_object(
    'touches', coalesce(bool_or(contact.touches), false),
    'near', coalesce(bool_or(contact.near), false),
    'features', (array_agg(contact.id ORDER BY contact.id) FILTER (WHERE contact.touches))[1:20]
)
FROM (
    -- Neither reaches farther into the other than the contact: what is left of the wider one, shrunk so much, is clear.
    SELECT
        candidate.id,
        ST_DWithin(feature.flat, asked.flat, :contact_m) AND CASE
            WHEN ST_Dimension(feature.flat) = 2
                THEN NOT ST_Intersects(ST_Buffer(feature.flat, -:contact_m), asked.flat)
            ELSE NOT ST_Intersects(ST_Buffer(asked.flat, -:contact_m), feature.flat)
        END AS touches,
        ST_DWithin(feature.flat, asked.flat, asked.tolerance_m) AND CASE
            WHEN ST_Dimension(feature.flat) = 2
                THEN NOT ST_Intersects(ST_Buffer(feature.flat, -asked.tolerance_m), asked.flat)
            ELSE NOT ST_Intersects(ST_Buffer(asked.flat, -asked.tolerance_m), feature.flat)
        END AS near
    FROM candidate
    CROSS JOIN LATERAL (SELECT ST_Transform(candidate.geom, :srid)) AS feature(flat)
    WHERE candidate.n = asked.n
) AS contact
