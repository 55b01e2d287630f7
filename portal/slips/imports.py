"""Taking a file of paid slips in: kept to look at, then taken in once; the same lines in another file bring nothing."""

import base64
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.core.clock import now, today
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import Actor, record
from portal.core.jobs import enqueue
from portal.core.locking import lock_row
from portal.core.text import _
from portal.ledger.bank_files import UnreadableBankFile
from portal.slips.events import of_file
from portal.slips.files import FileLine, read_file
from portal.slips.models import SlipFile, SlipLine

MAX_BYTES = 6_000_000
KEPT_UNTAKEN = timedelta(days=7)
POST_LINES = "slips.post"
"""The task of the worker."""
_CHUNK = 1_000
Key = tuple[str, str, int, str, str, int]


def add_file(session: Session, content: bytes, actor: Actor) -> SlipFile:
    """Keep a file to look at. Raises Invalid (field `file`)."""
    if not content or len(content) > MAX_BYTES:
        sentence = _("収納データのファイルを選んでください。大きさは6MBまでです。")
        raise Invalid(sentence, {"file": sentence})
    file = SlipFile(content={"file": base64.b64encode(content).decode()}, added_by=actor.id, added_at=now(), columns={})
    session.add(file)
    session.flush()
    return file


def take_file(session: Session, file_id: int, actor: Actor) -> int:
    """Take the lines of a file in that no earlier one brought, and have them posted; return how many.

    Raises NotFound, Conflict when it was taken in before, Invalid for a file that cannot be read.
    """
    file = lock_row(session, SlipFile, SlipFile.id == file_id)
    if file is None:
        raise NotFound
    if file.taken_at is not None:
        raise Conflict(_("この収納データは、もう取り込んであります。"))
    try:
        data = read_file(content_of(file), file.columns or None, today=today())
    except UnreadableBankFile as error:
        raise Invalid(str(error)) from error
    rows = [
        {
            "file_id": file.id,
            "reference": line.reference,
            "day": line.day,
            "amount": line.amount,
            "institution": line.institution,
            "serial": line.serial,
            "occurrence": key[-1],
            "failure": line.failure,
            "status": "failed" if line.failure else "waiting",
        }
        for key, line in keyed(data.lines)
    ]
    new: list[int] = []
    for begin in range(0, len(rows), _CHUNK):
        added = insert(SlipLine).values(rows[begin : begin + _CHUNK]).on_conflict_do_nothing()
        new += session.scalars(added.returning(SlipLine.amount)).all()
    file.taken_at, file.layout, file.line_count, file.content = now(), data.layout, len(rows), {}
    session.flush()
    record(session, of_file(file.id), "slip.file_taken", actor, lines=len(rows), new=len(new), amount=sum(new))
    if new:
        enqueue(session, POST_LINES, key=f"slips {file.id}")
    return len(new)


def drop_file(session: Session, file_id: int) -> None:
    """Forget a file that was only looked at."""
    session.execute(delete(SlipFile).where(SlipFile.id == file_id, SlipFile.taken_at.is_(None)))


def drop_untaken(session: Session) -> None:
    """Forget the files that nobody took in for a week."""
    session.execute(delete(SlipFile).where(SlipFile.taken_at.is_(None), SlipFile.added_at < now() - KEPT_UNTAKEN))


def taken_files(session: Session, limit: int = 20) -> list[SlipFile]:
    """The newest files that were taken in."""
    query = select(SlipFile).where(SlipFile.taken_at.is_not(None))
    return list(session.scalars(query.order_by(SlipFile.taken_at.desc()).limit(limit)))


def lines_of_file(session: Session, file_id: int, limit: int = 500) -> list[SlipLine]:
    """The first lines that a file brought."""
    query = select(SlipLine).where(SlipLine.file_id == file_id).order_by(SlipLine.id)
    return list(session.scalars(query.limit(limit)))


def open_lines(session: Session, limit: int = 200) -> list[SlipLine]:
    """The lines that wait to be posted, or whose money is held because its number leads to no fee; the oldest first."""
    query = select(SlipLine).where(SlipLine.status.in_(("waiting", "unidentified"))).order_by(SlipLine.id)
    return list(session.scalars(query.limit(limit)))


def content_of(file: SlipFile) -> bytes:
    """The bytes of a file that was not taken in yet."""
    return base64.b64decode(file.content.get("file", ""))


def keyed(lines: Sequence[FileLine]) -> list[tuple[Key, FileLine]]:
    """The lines of a file, each with what it is recognised by in another file: equal ones are counted."""
    times: Counter[tuple[str, str, int, str, str]] = Counter()
    with_keys: list[tuple[Key, FileLine]] = []
    for line in lines:
        same = (line.reference, line.day.isoformat(), line.amount, line.institution, line.serial)
        times[same] += 1
        with_keys.append(((*same, times[same]), line))
    return with_keys


def key_of(row: SlipLine) -> Key:
    """What a line that was taken in is recognised by."""
    return (row.reference, row.day.isoformat(), row.amount, row.institution, row.serial, row.occurrence)
