-- Whether a feature counts (geo.layer_rules.Selection). Days are compared as text: 2026-04-01 sorts as it should, and what is no day
-- makes no error.
(
    asked."values" IS NULL
    OR NOT EXISTS (
        SELECT 1
        FROM jsonb_each(asked."values") AS allowed
        WHERE NOT coalesce(allowed.value @> (feature.properties -> allowed.key), false)
    )
)
AND (
    asked.since IS NULL
    OR asked.ends_on IS NULL
    OR coalesce(translate(left(feature.properties ->> asked.since, 10), '/', '-'), '') <= asked.ends_on
)
AND (
    asked.until IS NULL
    OR asked.starts_on IS NULL
    OR coalesce(nullif(translate(left(feature.properties ->> asked.until, 10), '/', '-'), ''), '9') >= asked.starts_on
)
