"""Many people who send at the same moment, each in a thread and a transaction of their own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from threading import Barrier

from sqlalchemy.exc import TimeoutError as NoConnection

from portal.cases.models import Draft
from portal.cases.submission import submit
from portal.core.database import city_session
from portal.core.errors import Invalid
from portal.procedures import definition_of


def sent_at_once(
    city: str, drafts: Sequence[int], clock: Callable[[], AbstractContextManager[object]] = nullcontext
) -> int:
    """How many of the drafts could be sent, all of them begun at once; `clock` holds the time in each thread."""
    gate = Barrier(len(drafts))

    def send(draft_id: int) -> bool:
        try:
            with clock(), city_session(city) as session:
                draft = session.get_one(Draft, draft_id)
                submit(session, draft, definition_of(session, draft.version_id))
        except Invalid:
            return False
        return True

    def apply(draft_id: int) -> bool:
        gate.wait()
        while True:
            try:
                return send(draft_id)
            except NoConnection:  # more people than connections: whoever is told to try again does
                continue

    with ThreadPoolExecutor(len(drafts)) as threads:
        return sum(threads.map(apply, drafts))
