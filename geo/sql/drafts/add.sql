-- Features that a draft adds, under the ids with which they were begun, or come back under those that they had.
INSERT INTO layer_feature (id, layer_id, since, properties, geom)
OVERRIDING SYSTEM VALUE
SELECT DISTINCT ON (edited.feature_id) edited.feature_id, draft.layer_id, :version, edited.properties, edited.geom
FROM layer_draft AS draft
JOIN layer_draft_feature AS edited ON edited.draft_id = draft.id AND edited.n <= draft.done
WHERE draft.id = :draft_id AND edited.feature_id = ANY(:ids)
ORDER BY edited.feature_id, edited.n DESC
