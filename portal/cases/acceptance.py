"""Whether a procedure takes applications now, in words; what is written before or after stays as a draft and is refused at sending."""

from datetime import datetime, time, timedelta

from forms import Acceptance, Definition, acceptance_at
from portal.core.clock import TOKYO, now
from portal.core.config import settings
from portal.core.errors import Conflict
from portal.core.text import _, date_ja


class NotAccepted(Conflict):
    """Nothing can be sent at this time; the message says from when on, or that it is over."""


def acceptance_now(definition: Definition, moment: datetime | None = None) -> Acceptance:
    """How things stand now, or stood at a moment."""
    return acceptance_at(definition.acceptance, (moment or now()).astimezone(TOKYO).replace(tzinfo=None))


def acceptance_sentence(acceptance: Acceptance) -> str:
    """Until when applications are taken, from when on they will be, or that it is over; empty where they always are."""
    if acceptance.current is not None:
        ends = acceptance.current.ends
        return _("{end}まで受け付けています。", end=_last_moment(ends)) if ends else ""
    if acceptance.next is not None and acceptance.next.begins is not None:
        return _("いまは受付期間ではありません。{start}から受け付けます。", start=_moment(acceptance.next.begins))
    return _("受付は終わりました。")


def draft_lasts(acceptance: Acceptance) -> bool:
    """Whether what is begun now, before applications are taken, is still kept when they are."""
    begins = acceptance.next.begins if acceptance.next and not acceptance.is_open else None
    return begins is not None and begins.replace(tzinfo=TOKYO) < now() + timedelta(days=settings().draft_days)


def refuse_outside(definition: Definition, moment: datetime | None = None) -> None:
    """Raise NotAccepted for what comes in now, or came in at a moment, outside the windows of acceptance. What was written stays as it is."""
    acceptance = acceptance_now(definition, moment)
    if not acceptance.is_open:
        raise NotAccepted(
            acceptance_sentence(acceptance)
            if acceptance.is_over
            else _("{sentence}書いた内容は保存しています。", sentence=acceptance_sentence(acceptance))
        )


def _moment(moment: datetime) -> str:
    return date_ja(moment.date()) if moment.time() == time() else f"{date_ja(moment.date())} {moment:%H:%M}"


def _last_moment(ends: datetime) -> str:
    """The last day, where it is taken to its end, else the day with the time."""
    return date_ja(ends.date() - timedelta(days=1)) if ends.time() == time() else _moment(ends)
