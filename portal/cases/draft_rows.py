"""The rows of a draft that are filled in on pages of their own: a key for each, which stays with it when rows before it go.

The address of such a page has the key, a number that says nothing about anybody. Rows that came with the answers (from an earlier
application, from a table) are numbered from 1.
"""

from sqlalchemy.orm import Session

from portal.cases.models import Draft


def row_keys(draft: Draft, group_id: str, filled: int) -> list[int]:
    """The keys of a group's rows in their order. `filled` is how many rows its saved inputs have; further ones are still empty."""
    return _keys(draft, group_id, filled)[:-1]


def add_row(session: Session, draft: Draft, group_id: str, filled: int, *, step_id: str) -> int:
    """Add an empty row behind the others and return its key. The page of its group is to be sent again."""
    keys = _keys(draft, group_id, filled)
    _keep(draft, group_id, [*keys, keys[-1] + 1])
    draft.done_steps = [done for done in draft.done_steps if done != step_id]
    session.flush()
    return keys[-1]


def remove_row(session: Session, draft: Draft, group_id: str, filled: int, key: int) -> None:
    """Forget the key of a row whose inputs were taken out; `filled` counts those that were there before."""
    _keep(draft, group_id, [other for other in _keys(draft, group_id, filled) if other != key])
    session.flush()


def renew_rows(session: Session, draft: Draft, group_id: str) -> None:
    """All rows are others now; keys that were given do not come back."""
    _keep(draft, group_id, _keys(draft, group_id, 0)[-1:])
    session.flush()


def _keys(draft: Draft, group_id: str, filled: int) -> list[int]:
    """The keys, and behind them the next one to be given."""
    keys = list(draft.row_keys.get(group_id, [1]))
    while len(keys) - 1 < filled:
        keys.append(keys[-1] + 1)
    return keys


def _keep(draft: Draft, group_id: str, keys: list[int]) -> None:
    draft.row_keys = {**draft.row_keys, group_id: keys}
