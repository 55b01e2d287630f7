-- Pieces with the same value count together: a street may be split into many features.
SELECT jsonb_build_object(
    'values', jsonb_agg(
        jsonb_build_object('value', share.value, 'features', share.features) ORDER BY share.n
    ),
    'near_largest', EXISTS (SELECT 1 FROM moved WHERE moved.n = asked.n)
    AND (
        SELECT
            CASE
                WHEN min(share.n) IS NULL THEN coalesce(max(moved.high), 0) > 0
                ELSE coalesce(max(moved.low) FILTER (WHERE moved.value = chosen.value), 0)
                    <= coalesce(max(moved.high) FILTER (WHERE moved.value <> chosen.value), 0)
            END
        FROM moved
        CROSS JOIN (SELECT (jsonb_agg(share.value ORDER BY share.n) -> 0) AS value) AS chosen
        WHERE moved.n = asked.n AND moved.value <> 'null'
    ),
    'near_any', (
        SELECT coalesce(bool_or((moved.low > 0) <> (moved.high > 0)), false)
        FROM moved
        WHERE moved.n = asked.n AND moved.value <> 'null'
    )
)
FROM (
    SELECT
        candidate.value,
        row_number() OVER (
            ORDER BY sum(ST_Area(flat_shared)) DESC, sum(ST_Length(flat_shared)) DESC, min(candidate.id)
        ) AS n,
        (array_agg(candidate.id ORDER BY candidate.id))[1:20] AS features
    FROM candidate
    CROSS JOIN LATERAL ST_Transform(ST_Intersection(candidate.geom, asked.geom), :srid) AS flat_shared
    WHERE candidate.n = asked.n
        AND candidate.value <> 'null'
        AND ST_Intersects(candidate.geom, asked.geom)
    GROUP BY candidate.value
) AS share
