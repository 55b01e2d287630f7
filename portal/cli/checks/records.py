"""Checks of what was recorded: the past was not altered."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from portal.cli.checks.finding import Check, Finding

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_FOLLOWED_HERE = 100_000
"""A chain up to this long is followed by the check itself, in about a second; of a longer one the night's outcome is said."""
_OLD = timedelta(days=2)


def audit_chain() -> Finding:
    """The chain of every city's events is whole, as far as followed now or last night."""
    from portal.cli.checks.database import refuse_stopped

    refuse_stopped()
    from portal.core.database import city_session
    from portal.core.tenancy import cities

    broken, old, events = [], [], 0
    for city in cities():
        with city_session(city.key) as session:
            fault, count, is_old = _look_at(session)
        events += count
        if fault:
            broken.append(f"{city.key}: {fault}")
        elif is_old:
            old.append(city.key)
    if broken:
        fix = "keep the database as it is, compare it with a backup; docs/operate/audit.md says how"
        return Finding("audit chain", "problem", "; ".join(broken), fix)
    if old:
        fix = "run madoguchi worker as a service, or madoguchi audit verify"
        return Finding("audit chain", "advice", "not followed for two days: " + ", ".join(old), fix)
    return Finding("audit chain", "ok", f"{events:,} events, none altered")


def _look_at(session: "Session") -> tuple[str | None, int, bool]:
    """Fault, number of events, and whether they were last followed too long ago."""
    from sqlalchemy import text

    from portal.audit.actions import check, last_check
    from portal.core.clock import now

    many = text("SELECT count(*) > :most FROM (SELECT 1 FROM event LIMIT :most + 1) AS counted")
    if not session.scalar(many, {"most": _FOLLOWED_HERE}):
        outcome = check(session)
        return outcome.fault, outcome.events, False
    last = last_check(session)
    if last is None:
        return None, 0, True
    fault = last.fault and f"{last.fault} (found {last.checked_at:%Y-%m-%d %H:%M} UTC)"
    return fault, last.events, last.checked_at < now() - _OLD


def search_terms() -> Finding:
    """Every case is found by the present rules of searching."""
    from portal.cli.checks.database import refuse_stopped

    refuse_stopped()
    from portal.cases import count_stale

    if waiting := _by_city(count_stale):
        fix = "the worker does it within minutes, or madoguchi city reindex KEY at once"
        return Finding("search terms", "advice", f"cases found by former rules only: {waiting}", fix)
    return Finding("search terms", "ok", "every case is found by the present rules")


def mails() -> Finding:
    """Mails of the last ninety days that did not arrive; each office sees those of its cases."""
    from portal.cli.checks.database import refuse_stopped

    refuse_stopped()
    from portal.core.database import city_session
    from portal.core.tenancy import cities
    from portal.notifications import count_undelivered

    counts = {}
    for city in cities():
        with city_session(city.key) as session:
            counts[city.key] = count_undelivered(session)
    broken = [
        f"{key}: {count['undeliverable']} to addresses that do not exist, {count['failed']} that the mail server did not take"
        for key, count in counts.items()
        if any(count.values())
    ]
    if broken:
        return Finding(
            "mails",
            "advice",
            "; ".join(broken),
            "madoguchi mail list KEY names them, madoguchi mail retry KEY queues them again",
        )
    return Finding("mails", "ok", "all went out")


def payment_notices() -> Finding:
    """The payment provider's notices of the last week were acted upon, or belong to others."""
    from portal.cli.checks.database import refuse_stopped

    refuse_stopped()
    from portal.core.clock import now
    from portal.core.database import city_session
    from portal.core.tenancy import cities
    from portal.payments import set_aside_events

    others, lost = 0, []
    for city in cities():
        with city_session(city.key) as session:
            reasons = [event.set_aside for event in set_aside_events(session, now() - timedelta(days=7))]
        missed = sum(reason in {"refused", "given_up"} for reason in reasons)
        others += len(reasons) - missed
        if missed:
            lost.append(f"{city.key}: {missed}")
    if lost:
        fix = "madoguchi payment notices KEY lists them; compare with the provider's own list"
        return Finding("payment notices", "advice", "nothing could be done with " + ", ".join(lost), fix)
    return Finding("payment notices", "ok", f"{others:,} of the last week belonged to no payment here")


def sealing_keys() -> Finding:
    """Everything that is sealed is under the newest key, as counted last night or since."""
    from portal.cli.checks.database import refuse_stopped

    refuse_stopped()
    from portal.core.crypto import has_keys
    from portal.sealing.counting import waiting

    if has_keys() and (older := _by_city(waiting)):
        fix = "run madoguchi keys reseal; it needs DATABASE_OWNER_URL, and the portal may run meanwhile"
        return Finding("sealing keys", "advice", f"values under an older key or in clear, at least: {older}", fix)
    return Finding("sealing keys", "ok", "everything is under the newest key")


def retention() -> Finding:
    """No case is kept longer than its procedure says."""
    from portal.cli.checks.database import refuse_stopped

    refuse_stopped()
    from portal.cases import count_expired

    if late := _by_city(count_expired):
        fix = "the worker erases them at night, or madoguchi retention erase KEY at once"
        return Finding("retention", "advice", f"cases whose time is over: {late}", fix)
    return Finding("retention", "ok", "no case is kept beyond its time")


RECORD_CHECKS: tuple[Check, ...] = (audit_chain, search_terms, mails, payment_notices, sealing_keys, retention)


def _by_city(count: Callable[["Session"], int]) -> str:
    """What is counted in each city, for a sentence; empty when there is nothing anywhere."""
    from portal.core.database import city_session
    from portal.core.tenancy import cities

    counts = {}
    for city in cities():
        with city_session(city.key) as session:
            counts[city.key] = count(session)
    return ", ".join(f"{key}: {number:,}" for key, number in counts.items() if number)
