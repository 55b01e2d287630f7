CREATE FUNCTION ledger_is_closed(day date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM ledger_closing WHERE reopened_at IS NULL AND day BETWEEN first_day AND last_day)
$$;

-- The day on which a movement of `wanted` is booked: that day, or the first after it whose books are open.
-- Whoever posts shares a lock on the day with others who post; who closes it takes the lock alone, and so waits for them.
CREATE FUNCTION ledger_booking_day(wanted date) RETURNS date LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    day date := wanted;
BEGIN
    LOOP
        PERFORM pg_advisory_xact_lock_shared('journal_transaction'::regclass::oid::integer, day - date '2000-01-01');
        EXIT WHEN NOT ledger_is_closed(day);
        day := day + 1;
    END LOOP;
    RETURN day;
END $$;

CREATE FUNCTION ledger_code_of(wanted_procedure text, wanted_fee text, day date) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce((
        SELECT code FROM ledger_account_code
        WHERE procedure_key = wanted_procedure AND fee IN (wanted_fee, '')
            AND fiscal_year = extract(year FROM day - interval '3 months')
        ORDER BY fee DESC LIMIT 1), '')
$$;

CREATE FUNCTION journal_day_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(TG_RELID::integer, NEW.booked_on - date '2000-01-01');
    IF ledger_is_closed(NEW.booked_on) THEN
        RAISE EXCEPTION 'the books of % are closed', NEW.booked_on USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER journal_day_open BEFORE INSERT ON journal_transaction FOR EACH ROW EXECUTE FUNCTION journal_day_open();

-- A transaction has as many postings as it says, and they sum to zero, whatever else happens until the commit.
CREATE FUNCTION journal_check(wanted bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    said integer;
    counted integer;
    total numeric;
BEGIN
    SELECT posting_count INTO said FROM journal_transaction WHERE id = wanted;
    SELECT count(*), coalesce(sum(amount), 0) INTO counted, total FROM journal_posting WHERE transaction_id = wanted;
    IF counted <> said OR total <> 0 THEN
        RAISE EXCEPTION 'journal transaction % has % of % postings, which sum to %', wanted, counted, said, total
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
END $$;
CREATE FUNCTION journal_transaction_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM journal_check(NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION journal_posting_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM journal_check(NEW.transaction_id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER journal_balanced AFTER INSERT ON journal_transaction
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journal_transaction_balanced();
CREATE CONSTRAINT TRIGGER journal_balanced AFTER INSERT ON journal_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journal_posting_balanced();

-- Nobody changes the journal, its owner included; a correction is a transaction that reverses another.
CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is only ever added to; reverse the transaction' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON journal_transaction
    FOR EACH ROW EXECUTE FUNCTION journal_is_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON journal_posting
    FOR EACH ROW EXECUTE FUNCTION journal_is_append_only();
REVOKE UPDATE, DELETE ON journal_transaction, journal_posting FROM {schema};

-- Open items are the sums of their postings, kept as they are posted. The row of an item that came to zero goes.
CREATE FUNCTION keep_open_items() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, public AS $$
BEGIN
    INSERT INTO ledger_open_item AS open_item (account, item, balance, since, case_id, department_id, procedure_key)
    SELECT account, item, sum(amount), min(booked_on), max(case_id), max(department_id), max(procedure_key)
    FROM added
    WHERE item <> '' AND account IN ('receivable', 'deposit', 'refund_payable', 'payout_payable', 'disputed')
    GROUP BY account, item ORDER BY account, item
    ON CONFLICT (account, item) DO UPDATE SET balance = open_item.balance + excluded.balance;
    DELETE FROM ledger_open_item AS open_item USING added
    WHERE open_item.account = added.account AND open_item.item = added.item AND open_item.balance = 0;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_open_items AFTER INSERT ON journal_posting
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION keep_open_items();
REVOKE INSERT, UPDATE, DELETE ON ledger_open_item FROM {schema};

REVOKE DELETE ON ledger_closing, ledger_account_code FROM {schema};
