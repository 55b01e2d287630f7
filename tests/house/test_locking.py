"""Rows are locked in one way only, so that nobody decides on what a session had read before it waited for the lock."""

import re

from tests.house.files import name_of, ours

LOCKING = re.compile(r"with_for_update|\bFOR (NO KEY )?UPDATE\b(?! of )", re.IGNORECASE)


def test_only_core_locking_locks_rows() -> None:
    others = [
        f"{name_of(path)}:{number}"
        for path in ours(".py", ".sql")
        if name_of(path).startswith(("portal/", "geo/", "common/")) and name_of(path) != "portal/core/locking.py"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if LOCKING.search(line)
    ]
    assert others == []
