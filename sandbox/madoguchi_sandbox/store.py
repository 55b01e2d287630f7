"""Persistence: one SQLite file, so that a restart keeps every session, event and mail.

Objects are kept as the JSON that goes over the wire, beside private data (which card was used, which session an intent
belongs to) that never leaves the sandbox.
"""

import json
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

JsonObject = dict[str, Any]

SCHEMA = """
CREATE TABLE IF NOT EXISTS object (
  position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, account TEXT NOT NULL, kind TEXT NOT NULL,
  created INTEGER NOT NULL, body TEXT NOT NULL, note TEXT NOT NULL DEFAULT '{}');
CREATE INDEX IF NOT EXISTS object_by_kind ON object (kind, account, position);
CREATE INDEX IF NOT EXISTS object_by_status ON object (kind, json_extract(body, '$.status'));
CREATE INDEX IF NOT EXISTS balance_pending ON object (json_extract(body, '$.available_on'))
  WHERE kind = 'balance_transaction' AND json_extract(body, '$.status') = 'pending';
CREATE TABLE IF NOT EXISTS idempotency (
  account TEXT NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL, created INTEGER NOT NULL,
  status INTEGER, body TEXT, PRIMARY KEY (account, key));
CREATE INDEX IF NOT EXISTS idempotency_by_age ON idempotency (created);
CREATE TABLE IF NOT EXISTS delivery (
  id INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL, endpoint_id TEXT NOT NULL, due INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL, answer TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS delivery_waiting ON delivery (due) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS delivery_open ON delivery (event_id) WHERE state <> 'done';
CREATE TABLE IF NOT EXISTS mail (
  id INTEGER PRIMARY KEY AUTOINCREMENT, received INTEGER NOT NULL, sender TEXT NOT NULL, recipients TEXT NOT NULL,
  subject TEXT NOT NULL, raw BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class Store:
    """One connection shared by the threads of the process; `transaction` serialises them."""

    def __init__(self, path: Path | None) -> None:
        """Open `path`, or keep everything in memory if it is None."""
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._lock = threading.RLock()
        self.checked_at = 0  # the second for which `scheduler` last looked for what is due
        self._depth = 0
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + SCHEMA)
        # A request cut off by a crash would hold its key permanently; nothing executes it any more.
        self._db.execute("DELETE FROM idempotency WHERE status IS NULL")

    def close(self) -> None:
        """Close the file; the store cannot be used afterwards."""
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A transaction, of one thread at a time. Nested calls join the outer one."""
        with self._lock:
            outermost = self._depth == 0
            if outermost:
                self._db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                if outermost:
                    self._db.execute("ROLLBACK")
                raise
            else:
                if outermost:
                    self._db.execute("COMMIT")
            finally:
                self._depth -= 1

    def execute(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """Run one statement and return its rows."""
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    # -- the sandbox's own clock -------------------------------------------------------------------------------------

    def now(self) -> int:
        """Return the Unix time of the sandbox: the real time plus what the operator advanced."""
        return int(time.time()) + self.clock_offset()

    def clock_offset(self) -> int:
        """Return the seconds by which the operator has advanced the sandbox's clock."""
        return int(self.setting("clock_offset", "0"))

    def advance_clock(self, seconds: int) -> None:
        """Advance the sandbox's clock by `seconds`."""
        self.set_setting("clock_offset", str(self.clock_offset() + seconds))

    # -- settings ----------------------------------------------------------------------------------------------------

    def setting(self, name: str, default: str = "") -> str:
        """Return the operator's setting `name`."""
        rows = self.execute("SELECT value FROM setting WHERE name = ?", name)
        return str(rows[0]["value"]) if rows else default

    def set_setting(self, name: str, value: str) -> None:
        """Change a setting; it survives a restart."""
        self.execute(
            "INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value
        )

    # -- objects -----------------------------------------------------------------------------------------------------

    def add(self, account: str, body: JsonObject, **private: Any) -> JsonObject:
        """Insert an object; `body` has `id` and `object`."""
        self.execute(
            "INSERT INTO object (id, account, kind, created, body, note) VALUES (?, ?, ?, ?, ?, ?)",
            body["id"], account, body["object"], body.get("created", self.now()), json.dumps(body), json.dumps(private),
        )  # fmt: skip
        return body

    def save(self, body: JsonObject, **private: Any) -> JsonObject:
        """Replace a known object's body, and merge `private` into its private data."""
        self.execute(
            "UPDATE object SET body = ?, note = json_patch(note, ?) WHERE id = ?",
            json.dumps(body),
            json.dumps(private),
            body["id"],
        )
        return body

    def remove(self, object_id: str) -> None:
        """Delete an object."""
        self.execute("DELETE FROM object WHERE id = ?", object_id)

    def find(self, object_id: str, account: str | None = None) -> JsonObject | None:
        """Return the object with this id, or None; with `account`, only if that account owns it."""
        rows = self.execute("SELECT body, account FROM object WHERE id = ?", object_id)
        if not rows or (account is not None and rows[0]["account"] != account):
            return None
        body: JsonObject = json.loads(rows[0]["body"])
        return body

    def get(self, object_id: str) -> JsonObject:
        """Return the object with this id. Raises LookupError when there is none."""
        body = self.find(object_id)
        if body is None:
            raise LookupError(object_id)
        return body

    def account_of(self, object_id: str) -> str:
        """Return the account that owns the object."""
        return str(self.execute("SELECT account FROM object WHERE id = ?", object_id)[0]["account"])

    def private_data(self, object_id: str) -> dict[str, Any]:
        """Return the private data kept beside an object."""
        private: dict[str, Any] = json.loads(self.execute("SELECT note FROM object WHERE id = ?", object_id)[0]["note"])
        return private

    def list_objects(
        self, kind: str, account: str | None = None, *, limit: int = -1, since: int = 0, **fields: Any
    ) -> list[JsonObject]:
        """Return the objects of a kind (the newest `limit` of them), newest first; those created from `since` on, whose fields are these."""
        same = "".join(" AND json_extract(body, '$.' || ?) = ?" for _ in fields)
        rows = self.execute(
            f"SELECT body FROM object WHERE kind = ? AND (? IS NULL OR account = ?) AND created >= ?{same}"  # noqa: S608 - constants
            " ORDER BY position DESC LIMIT ?",
            kind,
            account,
            account,
            since,
            *(part for field in fields.items() for part in field),
            limit,
        )
        return [json.loads(row["body"]) for row in rows]

    def unacknowledged_events(self, account: str, since: int) -> list[JsonObject]:
        """Return the events created from `since` on that at least one endpoint has not acknowledged, newest first."""
        rows = self.execute(
            "SELECT body FROM object WHERE kind = 'event' AND account = ? AND created >= ?"
            " AND id IN (SELECT event_id FROM delivery WHERE state <> 'done') ORDER BY position DESC",
            account,
            since,
        )
        return [json.loads(row["body"]) for row in rows]

    def with_private(self, kind: str, account: str, name: str, value: str) -> list[JsonObject]:
        """Return an account's objects of a kind whose private data have this value, newest first."""
        rows = self.execute(
            "SELECT body FROM object WHERE kind = ? AND account = ? AND json_extract(note, '$.' || ?) = ? ORDER BY position DESC",
            kind,
            account,
            name,
            value,
        )
        return [json.loads(row["body"]) for row in rows]

    def in_status(self, kind: str, status: str) -> list[JsonObject]:
        """Return the objects of a kind that are in a status, oldest first."""
        rows = self.execute(
            "SELECT body FROM object WHERE kind = ? AND json_extract(body, '$.status') = ? ORDER BY position",
            kind,
            status,
        )
        return [json.loads(row["body"]) for row in rows]


def new_id(prefix: str) -> str:
    """Return a new identifier in the format of Stripe: `cs_test_…`, `pi_…`."""
    return f"{prefix}_{secrets.token_hex(16)}"
