-- %(cases)s cases with one place each: many in the middle of the city and around the names of its quarters, few elsewhere.
-- One in eight is open and of the last two months, the others are closed and of the last three years.
CREATE TEMP TABLE dice ON COMMIT DROP AS
SELECT
    n,
    random() < 0.125 AS open,
    random() AS age,
    random() AS which_kind,
    random() AS which_status,
    random() AS which_name,
    power(random(), 1.6) AS which_quarter,
    random() AS which_clerk,
    sqrt(-2 * ln(1 - random())) AS reach,
    2 * pi() * random() AS direction,
    random() AS size,
    power(random(), 3) AS which_remark,
    random() AS which_way,
    random() AS which_payment
FROM generate_series(1, %(cases)s) AS n;

CREATE TEMP TABLE quarter ON COMMIT DROP AS
SELECT
    row_number() OVER (ORDER BY feature.geom <-> ST_SetSRID(ST_Point(%(lon)s, %(lat)s), 4326)) - 1 AS n,
    feature.properties ->> 'name' AS name,
    ST_X(feature.geom) AS lon,
    ST_Y(feature.geom) AS lat
FROM layer
JOIN layer_feature AS feature ON feature.layer_id = layer.id
WHERE layer.key = 'place-names' AND feature.properties ->> 'kind' IN ('chome', 'town');

CREATE TEMP TABLE kind ON COMMIT DROP AS
SELECT * FROM jsonb_to_recordset(%(kinds)s) AS kind(
    since double precision, until double precision, procedure_key text, title text, bigrams text[], shape text, field text,
    answers jsonb, facts jsonb, fee jsonb, states jsonb, choice text, options text[]
);

CREATE TEMP TABLE person ON COMMIT DROP AS
SELECT * FROM jsonb_to_recordset(%(people)s) AS person(n bigint, name text, bigrams text[]);

CREATE TEMP TABLE quarter_words ON COMMIT DROP AS
SELECT * FROM jsonb_to_recordset(%(quarters)s) AS quarter_words(name text, sealed text, bigrams text[]);

-- What people wrote into answers and the telephone they gave, as the search knows it.
CREATE TEMP TABLE remark ON COMMIT DROP AS
SELECT * FROM jsonb_to_recordset(%(remarks)s) AS remark(n bigint, bigrams text[]);

CREATE TEMP TABLE seeded ON COMMIT DROP AS
SELECT
    dice.*,
    kind.procedure_key, kind.title, kind.shape, kind.field, kind.facts, kind.states,
    CASE
        WHEN kind.choice IS NULL THEN kind.answers
        ELSE kind.answers || jsonb_build_object(kind.choice, kind.options[1 + floor(power(size, 3) * cardinality(kind.options))::integer])
    END AS answers,
    CASE WHEN shape = 'polygon' OR kind.procedure_key = 'bulky-waste' THEN 100 * (1 + floor(300 * size * size)::integer) END AS yen,
    kind.fee,
    CASE
        WHEN which_way < 0.88 THEN 'online' WHEN which_way < 0.94 THEN 'counter' WHEN which_way < 0.98 THEN 'phone' ELSE 'post'
    END AS channel,
    quarter_words.sealed AS place_label,
    person.name AS applicant_name,
    kind.bigrams || person.bigrams || quarter_words.bigrams || remark.bigrams AS search_bigrams,
    CASE
        WHEN NOT open THEN CASE WHEN which_status < 0.9 THEN 'ok' ELSE 'no' END
        WHEN which_status < 0.4 OR NOT kind.states ? 'fix' THEN CASE WHEN which_status < 0.5 THEN 'new' ELSE 'review' END
        WHEN which_status < 0.8 THEN 'review'
        WHEN which_status < 0.9 THEN 'fix'
        ELSE 'wait'
    END AS status,
    now() - make_interval(secs => 86400 * CASE WHEN open THEN 60 * age ELSE 60 + 1035 * age END) AS submitted_at,
    quarter.lon + 0.0026 * reach * cos(direction) AS lon,
    quarter.lat + 0.0022 * reach * sin(direction) AS lat
FROM dice
JOIN kind ON which_kind >= kind.since AND which_kind < kind.until
JOIN quarter ON quarter.n = floor(which_quarter * (SELECT count(*) FROM quarter))
JOIN quarter_words ON quarter_words.name = quarter.name
JOIN person ON person.n = floor(which_name * (SELECT count(*) FROM person))
JOIN remark ON remark.n = floor(which_remark * (SELECT count(*) FROM remark));

INSERT INTO case_file (
    id, number, public_id, procedure_key, version_id, department_id, assignee_id, state, status, title, applicant_name,
    place_label, language, answers, facts, fee, search_bigrams, unread, submitted_at, due_on, closed_at, updated_at,
    starts_on, ends_on, channel, answer_by
)
SELECT
    seeded.n,
    '立-' || to_char(submitted_at, 'MMDD') || '-' || lpad(seeded.n::text, greatest(5, length(seeded.n::text)), '0'),
    'seeded-' || seeded.n,
    seeded.procedure_key, procedure.current_version_id, procedure.department_id,
    CASE WHEN which_clerk < 0.6 THEN clerk.id END,
    states ->> seeded.status, seeded.status, title, applicant_name,
    place_label, 'ja', answers, facts, CASE WHEN yen IS NULL THEN fee ELSE fee || jsonb_build_object('total', yen) END, search_bigrams, open AND seeded.status = 'new',
    submitted_at, (submitted_at + interval '14 days')::date,
    CASE WHEN NOT open THEN submitted_at + interval '12 days' END, submitted_at,
    CASE WHEN shape = 'polygon' THEN (submitted_at + interval '14 days')::date END,
    CASE WHEN shape = 'polygon' THEN (submitted_at + interval '14 days')::date + 20 + floor(80 * size)::integer END,
    channel,
    CASE WHEN seeded.status = 'fix' THEN (submitted_at + interval '40 days')::date END
FROM seeded
JOIN procedure ON procedure.key = seeded.procedure_key
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS turn, count(*) OVER () AS staff FROM staff) AS clerk
    ON clerk.turn = mod(seeded.n, clerk.staff)
ORDER BY seeded.submitted_at;

INSERT INTO case_place (
    case_id, field, procedure_key, department_id, assignee_id, status, state, due_on, starts_on, ends_on, submitted_at, geom
)
SELECT
    case_file.id, seeded.field, case_file.procedure_key, department_id, assignee_id, case_file.status, state, due_on,
    starts_on, ends_on,
    case_file.submitted_at,
    CASE shape
        WHEN 'polygon' THEN ST_MakeEnvelope(lon, lat, lon + (6 + 12 * size) / 90500, lat + (1 + size) / 110950, 4326)
        ELSE ST_SetSRID(ST_Point(lon, lat), 4326)
    END
FROM seeded
JOIN case_file ON case_file.id = seeded.n
ORDER BY case_file.submitted_at;

-- What was granted is paid, a fifth of what is open is still owed or on its way, and what was refused was never asked for.
INSERT INTO charge (
    case_id, department_id, procedure_key, purpose, number, rule_id, about, title, detail, amount, status, received, created_at, pay_by
)
SELECT
    n, department_id, case_file.procedure_key, 'submission', 1, 'fee', '', '{}', '{}', yen, paid.status,
    CASE paid.status WHEN 'paid' THEN yen ELSE 0 END, case_file.submitted_at, (case_file.submitted_at + interval '14 days')::date
FROM seeded
JOIN case_file ON case_file.id = seeded.n,
LATERAL (
    SELECT CASE
        WHEN NOT open OR which_payment < 0.8 THEN 'paid' WHEN which_payment < 0.95 THEN 'owed' WHEN which_payment < 0.98 THEN 'pending'
        ELSE 'review'
    END AS status
) AS paid
WHERE yen IS NOT NULL AND seeded.status <> 'no';

-- The chain of hashes is made row by row under a lock and is not what is measured; the rows themselves are.
ALTER TABLE event DISABLE TRIGGER chain_event;
INSERT INTO event (history_kind, history_id, subject_kind, subject_id, name, actor_kind, at, data, prev_hash, hash)
SELECT 'case', id, 'case', id, 'case.submitted', 'applicant', submitted_at, '{"channel": "online"}', sha256('seeded'), sha256('seeded')
FROM case_file;
ALTER TABLE event ENABLE TRIGGER chain_event;

SELECT setval(pg_get_serial_sequence('case_file', 'id'), %(cases)s), setval('case_number', %(cases)s);
