"""Links by which somebody else pays (代理納付): made for a choice of charges, opened by whoever has the address, ended by itself or by its maker.

A link says of each charge its title and amount. Only a digest of its address is kept, so that nobody reads the address again.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.errors import Conflict, NotFound
from portal.core.events import Actor
from portal.core.locking import lock_rows
from portal.core.text import _
from portal.payments.awaited_transfers import AwaitedTransfer, transfer_of_attempt
from portal.payments.case_payments import payment_of_case
from portal.payments.history import record_for_case
from portal.payments.models import Charge, Order, OrderLine, PaymentAttempt
from portal.payments.payment_link_models import PaymentLink, PaymentLinkLine
from portal.payments.rules import LIVE

LINK_LIFE: Final = timedelta(days=14)
HELD_FOR: Final = timedelta(minutes=15)
"""For so long a page that somebody opened by a link is theirs alone; others who hold a link to the same charges wait."""

_OVER = "選んだ料金の中に、もう支払いが終わったもの、または取り消されたものがあります。いまの一覧を確かめてください。"


@dataclass(frozen=True)
class LinkLine:
    """A charge as a link shows it. `status` is one of `rules.CHARGE_STATUSES`; a title by language."""

    charge_id: int
    title: Mapping[str, str]
    amount: int
    status: str
    methods: Sequence[str]

    @property
    def is_open(self) -> bool:
        """Whether it still waits to be paid."""
        return self.status in {"owed", "pending"}


@dataclass(frozen=True)
class LiveAttempt:
    """How one of the lines is being paid at this moment, by whomever. `is_mine`: by this link, in this browser.

    `held_until`: somebody else opened the provider's page by a link, and nobody takes it from them until then.
    """

    order_id: int
    status: str
    is_mine: bool
    voucher: Mapping[str, object] | None
    transfer: AwaitedTransfer | None
    pay_until: datetime | None
    held_until: datetime | None


@dataclass(frozen=True)
class OpenLink:
    """What a link leads to; `live` is the payment under way that is furthest on."""

    id: int
    has_ended: bool
    lines: tuple[LinkLine, ...]
    live: LiveAttempt | None

    @property
    def to_pay(self) -> list[LinkLine]:
        """The lines that wait to be paid."""
        return [line for line in self.lines if line.is_open]

    @property
    def amount(self) -> int:
        """Yen that wait to be paid."""
        return sum(line.amount for line in self.to_pay)


@dataclass(frozen=True)
class MadeLink:
    """A link as its maker sees it: which charges it is for, and until when."""

    id: int
    charge_ids: tuple[int, ...]
    expires_at: datetime


def make_payment_link(session: Session, titles: Mapping[int, Mapping[str, str]], actor: Actor) -> str:
    """Return the token of a link to exactly these charges; `titles` are the words by which it shows each, by the charge's id.

    The link that was made for the same choice before ends. Raises Conflict when one of the charges is not to be paid any more.
    """
    charges = _lock_charges(session, titles)
    if not charges or len(charges) != len(titles) or not all(charge.is_open for charge in charges):
        raise Conflict(_(_OVER))
    choice, moment, token = ",".join(str(charge.id) for charge in charges), now(), secrets.token_urlsafe(24)
    former = update(PaymentLink).where(PaymentLink.choice == choice, PaymentLink.ended_at.is_(None))
    session.execute(former.values(ended_at=moment))
    link = PaymentLink(
        choice=choice, token_digest=_digest(token), created_at=moment, expires_at=moment + LINK_LIFE, ended_at=None
    )
    session.add(link)
    session.flush()
    session.add_all(
        PaymentLinkLine(link_id=link.id, charge_id=charge.id, title=dict(titles[charge.id])) for charge in charges
    )
    session.flush()
    _record(session, [charge.id for charge in charges], "payment.link_made", actor)
    return token


def end_payment_link(session: Session, link_id: int, actor: Actor) -> None:
    """Let a link lead nowhere from now on. Who is at the provider's page already may still pay there."""
    ended = update(PaymentLink).where(PaymentLink.id == link_id, PaymentLink.ended_at.is_(None))
    if session.scalar(ended.values(ended_at=now()).returning(PaymentLink.id)) is not None:
        _record(session, list(titles_of_link(session, link_id)), "payment.link_ended", actor)


def made_links(session: Session, charge_ids: Collection[int]) -> list[MadeLink]:
    """Return the links that are open now and lead to nothing but these charges, the newest first."""
    ids = func.array_agg(PaymentLinkLine.charge_id)
    query = (
        select(PaymentLink.id, ids, PaymentLink.expires_at)
        .join(PaymentLinkLine, PaymentLinkLine.link_id == PaymentLink.id)
        .where(PaymentLink.expires_at > now(), PaymentLink.ended_at.is_(None))
        .group_by(PaymentLink.id)
        .having(func.bool_and(PaymentLinkLine.charge_id.in_(charge_ids)))
        .order_by(PaymentLink.created_at.desc())
    )
    return [MadeLink(link_id, tuple(sorted(of_link)), until) for link_id, of_link, until in session.execute(query)]


def open_payment_link(session: Session, token: str, holder: str = "") -> OpenLink:
    """Return what a link leads to, also one that has ended; `holder` is the mark of the browser in which it is opened.

    Raises NotFound where there never was such a link of this city.
    """
    link = session.scalar(select(PaymentLink).where(PaymentLink.token_digest == _digest(token)))
    if link is None:
        raise NotFound
    rows = session.execute(
        select(Charge.id, PaymentLinkLine.title, Charge.amount - Charge.waived, Charge.status, Charge.methods)
        .join(PaymentLinkLine, PaymentLinkLine.charge_id == Charge.id)
        .where(PaymentLinkLine.link_id == link.id)
        .order_by(Charge.id)
    )
    lines = tuple(LinkLine(*row) for row in rows)
    has_ended = link.ended_at is not None or link.expires_at <= now()
    return OpenLink(link.id, has_ended, lines, _live(session, link.id, holder, [line.charge_id for line in lines]))


def orders_of_link(session: Session, link_id: int) -> list[int]:
    """Return the orders in which charges of a link are paid, or were paid by it."""
    living = (
        select(OrderLine.order_id)
        .join(PaymentLinkLine, PaymentLinkLine.charge_id == OrderLine.charge_id)
        .where(PaymentLinkLine.link_id == link_id, OrderLine.living)
    )
    begun = select(PaymentAttempt.order_id).where(PaymentAttempt.link_id == link_id)
    return sorted(set(session.scalars(living)) | set(session.scalars(begun)))


def titles_of_link(session: Session, link_id: int) -> dict[int, dict[str, str]]:
    """Return the words by which a link shows its charges, by the charge's id."""
    query = select(PaymentLinkLine.charge_id, PaymentLinkLine.title).where(PaymentLinkLine.link_id == link_id)
    return {row.charge_id: row.title for row in session.execute(query)}


def _lock_charges(session: Session, charge_ids: Collection[int]) -> list[Charge]:
    """Return the charges with their orders locked, so that none is paid and no other link is made meanwhile; none where they just moved."""
    living = select(OrderLine.order_id).where(OrderLine.charge_id.in_(charge_ids), OrderLine.living)
    orders = lock_rows(session, Order, Order.id.in_(living), order_by=(Order.id.asc(),))
    query = (
        select(Charge)
        .join(OrderLine, OrderLine.charge_id == Charge.id)
        .where(Charge.id.in_(charge_ids), OrderLine.living, OrderLine.order_id.in_([order.id for order in orders]))
    )
    return list(session.scalars(query.order_by(Charge.id).execution_options(populate_existing=True)))


def held_until(attempt: PaymentAttempt, holder: str) -> datetime | None:
    """Until when a page that was opened by a link is left to whoever opened it; None for themselves, and once that is over."""
    if attempt.link_id is None or attempt.holder == holder or attempt.status not in {"prepared", "open"}:
        return None
    until = attempt.created_at + HELD_FOR
    return until if until > now() else None


def _live(session: Session, link_id: int, holder: str, charge_ids: Sequence[int]) -> LiveAttempt | None:
    query = (
        select(PaymentAttempt)
        .join(OrderLine, OrderLine.order_id == PaymentAttempt.order_id)
        .where(OrderLine.charge_id.in_(charge_ids), OrderLine.living, PaymentAttempt.status.in_(LIVE))
    )
    attempts = session.scalars(query).unique().all()
    furthest = max(attempts, key=lambda attempt: LIVE.index(attempt.status), default=None)
    if furthest is None:
        return None
    is_mine = furthest.link_id == link_id and furthest.holder == holder
    return LiveAttempt(
        furthest.order_id,
        furthest.status,
        is_mine,
        furthest.voucher,
        transfer_of_attempt(session, furthest),
        furthest.pay_until,
        held_until(furthest, holder),
    )


def _record(session: Session, charge_ids: Collection[int], name: str, actor: Actor) -> None:
    """Write it into the history of each case, beside the payment that asks for the charges now."""
    query = (
        select(OrderLine.order_id, Charge.case_id)
        .join(Charge, Charge.id == OrderLine.charge_id)
        .where(OrderLine.charge_id.in_(charge_ids), OrderLine.living)
        .distinct()
        .order_by(Charge.case_id, OrderLine.order_id)
    )
    for order_id, case_id in session.execute(query).all():
        record_for_case(session, payment_of_case(session, order_id, case_id), name, actor)


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "replace")).digest()
