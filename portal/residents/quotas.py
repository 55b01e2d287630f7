"""How much may be begun and sent within an hour: by one visitor, from one network address, to one city; and how much of it may lie
in a city unsent. Applications need no sign-in, so nothing else keeps a stranger from filling the disk.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Literal, cast

from flask import session as visit
from sqlalchemy.orm import Session

from portal import files
from portal.core import limits
from portal.core.access import current_account
from portal.core.config import settings
from portal.core.errors import TooMany, Unavailable
from portal.core.limits import Count, Limit
from portal.core.sessions import ServerSession
from portal.core.tenancy import current_city
from portal.core.text import _
from portal.identity.throttle import client_address

log = logging.getLogger("portal.quotas")
_HOUR = timedelta(hours=1)
_MAP_SEARCHES = Limit("map-search-network", 600, _HOUR)

What = Literal["drafts", "uploads", "megabytes"]


class OverQuota(TooMany):
    """More than one visitor, network address or city may send in an hour, in words that say what to do."""

    def __init__(self, retry_after: int, message: str) -> None:
        super().__init__(retry_after)
        self.message = message


def before_draft(count: int = 1) -> None:
    """Count applications that are begun, one or several at once. Raises OverQuota."""
    with _explained(
        lambda minutes: _(
            "短い時間にたくさんの手続きがはじめられたため、いまは新しくはじめられません。{minutes}分ほど待ってから、もう一度お試しください。書きかけの手続きは「わたしの手続き」から続けられます。",
            minutes=minutes,
        )
    ):
        limits.count(current_city().key, *_counts("drafts", count))


def before_link() -> None:
    """Count a link to a plan or to fees, which is a row like a draft. Raises OverQuota."""
    with _explained(
        lambda minutes: _(
            "短い時間にたくさんのリンクが作られたため、いまは作れません。{minutes}分ほど待ってから、もう一度お試しください。",
            minutes=minutes,
        )
    ):
        limits.count(current_city().key, *_counts("drafts", 1))


def before_map_search() -> None:
    """Count a search on the map, which reads the names of everything on it. Raises OverQuota."""
    with _explained(
        lambda minutes: _(
            "短い時間にたくさん検索されたため、いまは検索できません。{minutes}分ほど待ってから、もう一度お試しください。",
            minutes=minutes,
        )
    ):
        network = Count(_MAP_SEARCHES, limits.network_of(client_address()))
        limits.count(current_city().key, network)


def before_upload(session: Session, size: int) -> None:
    """Count a file of `size` bytes that was sent. Raises OverQuota, and Unavailable while too much lies in the city unsent."""
    with _explained(
        lambda minutes: _(
            "短い時間にたくさんのファイルが送られたため、いまは受け取れません。{minutes}分ほど待ってから、もう一度選んでください。",
            minutes=minutes,
        )
    ):
        limits.count(
            current_city().key, *_counts("uploads", 1), *_counts("megabytes", -(-size // 1000), per_setting=1000)
        )
    if files.unsent_bytes(session) + size > settings().quota_unsent_megabytes * 1_000_000:
        log.error("files of unsent applications fill their quota", extra={"fields": {"city": current_city().key}})
        raise Unavailable(
            _("いま、ファイルを受け取れません。入力した内容は保存されています。時間をおいて、もう一度お試しください。")
        )


@contextmanager
def _explained(sentence: Callable[[int], str]) -> Iterator[None]:
    """Say what was counted too often in a sentence made of the minutes to wait."""
    try:
        yield
    except TooMany as error:
        raise OverQuota(error.retry_after, sentence(max(1, -(-error.retry_after // 60)))) from error


def _counts(what: What, units: int, *, per_setting: int = 1) -> Iterator[Count]:
    for scope, key in _scopes():
        maximum = getattr(settings(), f"quota_{what}_{scope}") * per_setting
        yield Count(Limit(f"{what}-{scope}", maximum, _HOUR), key, units)


def _scopes() -> Iterator[tuple[str, str]]:
    """The narrowest first, so that one visitor who sends too much uses up little of what the others share."""
    account = current_account()
    token = cast(ServerSession, visit).token
    if account is not None or token:
        yield "visitor", f"account {account.id}" if account is not None else f"visit {token}"
    yield "network", limits.network_of(client_address())
    yield "city", "all"
