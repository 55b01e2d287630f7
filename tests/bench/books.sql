-- %(charges)s fees of the last three years, each asked for and paid: four postings. The last 100,000 were paid by card, and the provider
-- has a balance transaction for each. Every thousandth day-end differs by a yen, so that a comparison finds something.
ALTER TABLE journal_transaction DISABLE TRIGGER USER;
ALTER TABLE journal_posting DISABLE TRIGGER USER;

CREATE TEMP TABLE fee ON COMMIT DROP AS
SELECT
    n,
    (CAST(%(today)s AS date) - CAST(1095 * (1 - n::double precision / %(charges)s) AS integer)) AS day,
    100 * (1 + n %% 40) AS amount,
    CASE WHEN n > %(charges)s - 100000 THEN 'card' ELSE 'cash' END AS method,
    (ARRAY['dog-registration', 'road-occupancy', 'bulky-waste'])[1 + n %% 3] AS procedure_key,
    (SELECT array_agg(id ORDER BY id) FROM department) AS departments
FROM generate_series(1, %(charges)s) AS n;

INSERT INTO journal_transaction (id, kind, cause, booked_on, posting_count, occurred_at)
OVERRIDING SYSTEM VALUE
SELECT 2 * n - 1, 'charge_raised', 'seeded:' || n || ':raised', day, 2, day FROM fee
UNION ALL
SELECT 2 * n, 'payment_received', 'seeded:' || n || ':received', day, 2, day FROM fee WHERE n %% 500 <> 0;

INSERT INTO journal_posting (transaction_id, booked_on, kind, account, amount, item, department_id, procedure_key, method,
    account_code, provider, provider_ref)
SELECT id, day, kind, account, amount, item, departments[1 + n %% array_length(departments, 1)], procedure_key, method,
    CASE WHEN account = 'revenue' THEN '14-2-1-' || n %% 3 ELSE '' END,
    CASE WHEN account = 'in_transit' THEN 'stripe' ELSE '' END,
    CASE WHEN account = 'in_transit' THEN 'ch_' || n ELSE '' END
FROM (
    SELECT fee.*, 2 * n - 1 AS id, 'charge_raised' AS kind, 'receivable' AS account, amount AS yen, 'charge:' || n AS item FROM fee
    UNION ALL SELECT fee.*, 2 * n - 1, 'charge_raised', 'revenue', -amount, 'charge:' || n FROM fee
    UNION ALL SELECT fee.*, 2 * n, 'payment_received', CASE method WHEN 'card' THEN 'in_transit' ELSE 'cash' END, amount, 'charge:' || n
        FROM fee WHERE n %% 500 <> 0
    UNION ALL SELECT fee.*, 2 * n, 'payment_received', 'receivable', -amount, 'charge:' || n FROM fee WHERE n %% 500 <> 0
) AS line (n, day, amount_of_fee, method, procedure_key, departments, id, kind, account, amount, item)
ORDER BY day, id;

INSERT INTO ledger_open_item (account, item, balance, since, department_id, procedure_key)
SELECT account, item, sum(amount), min(booked_on), max(department_id), max(procedure_key) FROM journal_posting
WHERE account = 'receivable' GROUP BY account, item HAVING sum(amount) <> 0;

INSERT INTO provider_transaction (entry_id, type, gross, fee, net, source_id, created_at, available_at)
SELECT 'txn_' || n, 'charge', amount + CASE WHEN n %% 10000 = 1 THEN 1 ELSE 0 END, 10, amount - 10, 'ch_' || n, day, day
FROM fee WHERE method = 'card' AND n %% 500 <> 0;

ALTER TABLE journal_transaction ENABLE TRIGGER USER;
ALTER TABLE journal_posting ENABLE TRIGGER USER;
SELECT setval(pg_get_serial_sequence('journal_transaction', 'id'), 2 * %(charges)s);
