"""What the sandbox remembers: one SQLite file, so that a restart keeps every session, event and mail.

Objects are kept as the JSON that goes over the wire, beside a private note (which card was used, which session an intent
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

Object = dict[str, Any]

SCHEMA = """
CREATE TABLE IF NOT EXISTS object (
  position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, account TEXT NOT NULL, kind TEXT NOT NULL,
  created INTEGER NOT NULL, body TEXT NOT NULL, note TEXT NOT NULL DEFAULT '{}');
CREATE INDEX IF NOT EXISTS object_by_kind ON object (kind, account, position);
CREATE INDEX IF NOT EXISTS object_by_status ON object (kind, json_extract(body, '$.status'));
CREATE TABLE IF NOT EXISTS idempotency (
  account TEXT NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL, created INTEGER NOT NULL,
  status INTEGER, body TEXT, PRIMARY KEY (account, key));
CREATE TABLE IF NOT EXISTS delivery (
  id INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL, endpoint_id TEXT NOT NULL, due INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL, answer TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS delivery_waiting ON delivery (due) WHERE state = 'waiting';
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
        self._depth = 0
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + SCHEMA)
        # A request cut off by a crash holds its key for ever; nobody is working on it any more.
        self._db.execute("DELETE FROM idempotency WHERE status IS NULL")

    def close(self) -> None:
        """Close the file; the store cannot be used afterwards."""
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, one thread at a time. Nested calls join the outer one."""
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

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """Run one statement and return its rows."""
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    # -- the sandbox's own clock -------------------------------------------------------------------------------------

    def now(self) -> int:
        """Unix time as the sandbox sees it: the real time plus what the operator advanced."""
        return int(time.time()) + self.ahead()

    def ahead(self) -> int:
        """Seconds by which the operator has advanced the sandbox's clock."""
        return int(self.setting("clock_offset", "0"))

    def advance(self, seconds: int) -> None:
        """Let `seconds` pass for the sandbox only."""
        self.set_setting("clock_offset", str(self.ahead() + seconds))

    # -- settings ----------------------------------------------------------------------------------------------------

    def setting(self, name: str, default: str = "") -> str:
        """The operator's switch `name`."""
        found = self.rows("SELECT value FROM setting WHERE name = ?", name)
        return str(found[0]["value"]) if found else default

    def set_setting(self, name: str, value: str) -> None:
        """Set a switch; it survives a restart."""
        self.rows(
            "INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value
        )

    # -- objects -----------------------------------------------------------------------------------------------------

    def add(self, account: str, body: Object, **note: Any) -> Object:
        """Keep a new object; `body` has `id` and `object`."""
        self.rows(
            "INSERT INTO object (id, account, kind, created, body, note) VALUES (?, ?, ?, ?, ?, ?)",
            body["id"], account, body["object"], body.get("created", self.now()), json.dumps(body), json.dumps(note),
        )  # fmt: skip
        return body

    def save(self, body: Object, **note: Any) -> Object:
        """Replace a known object's body, and change the given keys of its note."""
        self.rows(
            "UPDATE object SET body = ?, note = json_patch(note, ?) WHERE id = ?",
            json.dumps(body),
            json.dumps(note),
            body["id"],
        )
        return body

    def remove(self, object_id: str) -> None:
        """Forget an object."""
        self.rows("DELETE FROM object WHERE id = ?", object_id)

    def find(self, object_id: str, account: str | None = None) -> Object | None:
        """The object with this id, or None; with `account`, only if that account owns it."""
        found = self.rows("SELECT body, account FROM object WHERE id = ?", object_id)
        if not found or (account is not None and found[0]["account"] != account):
            return None
        body: Object = json.loads(found[0]["body"])
        return body

    def get(self, object_id: str) -> Object:
        """The object with this id, which is known to exist."""
        found = self.find(object_id)
        if found is None:
            raise LookupError(object_id)
        return found

    def account_of(self, object_id: str) -> str:
        """The account that owns the object."""
        return str(self.rows("SELECT account FROM object WHERE id = ?", object_id)[0]["account"])

    def note(self, object_id: str) -> dict[str, Any]:
        """The private note kept beside an object."""
        note: dict[str, Any] = json.loads(self.rows("SELECT note FROM object WHERE id = ?", object_id)[0]["note"])
        return note

    def all(self, kind: str, account: str | None = None, *, limit: int = -1) -> list[Object]:
        """Every object of a kind (the newest `limit` of them), newest first."""
        found = self.rows(
            "SELECT body FROM object WHERE kind = ? AND (? IS NULL OR account = ?) ORDER BY position DESC LIMIT ?",
            kind,
            account,
            account,
            limit,
        )
        return [json.loads(row["body"]) for row in found]

    def in_status(self, kind: str, status: str) -> list[Object]:
        """The objects of a kind that are in a status, oldest first."""
        found = self.rows(
            "SELECT body FROM object WHERE kind = ? AND json_extract(body, '$.status') = ? ORDER BY position",
            kind,
            status,
        )
        return [json.loads(row["body"]) for row in found]


def new_id(prefix: str) -> str:
    """An identifier as Stripe writes them: `cs_test_…`, `pi_…`."""
    return f"{prefix}_{secrets.token_hex(16)}"
