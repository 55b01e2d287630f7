"""A town that every door leads into: in one city a resident's drafts, cases, payment and refund; and everybody who might look at them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import news, standard_texts
from portal.cases.bundle_models import Bundle
from portal.cases.bundles import members_of, start_bundle
from portal.cases.bundles.submission import submit_bundle
from portal.cases.drafts import save_answers
from portal.cases.moves import MoveInputs, apply_transition
from portal.core.clock import today
from portal.core.database import city_session, owner_engine
from portal.core.events import Actor
from portal.files import files_of_case, files_of_draft
from portal.identity import department_by_key
from portal.identity.resident_accounts import sign_in_account
from portal.identity.rights import ROLES
from portal.payments import payments_of_case
from portal.payments.models import PaymentAttempt, Refund
from portal.procedures import queries
from tests.kit.answers import DOG, damage, occupancy
from tests.kit.browser import Browser
from tests.kit.city import begin, hire, send

HERE, THERE = "hino", "mitaka"
EVERY_ROLE = set(ROLES)
OWNER = "misaki@example.jp"
NAME_THERE = "見られては困る 三鷹"


@dataclass
class Town:
    """The records of 日野市, by the names that addresses have for them; `people` are browsers, signed in as who they are."""

    people: dict[str, Browser] = field(default_factory=dict)
    draft: str = ""
    spare_draft: str = ""
    draft_file: str = ""
    bundle: str = ""
    spare_bundle: str = ""
    bundle_draft: str = ""
    parted_bundle: str = ""
    parted_draft: str = ""
    sent_bundle: str = ""
    case: str = ""
    case_id: int = 0
    case_file: str = ""
    correction_case: str = ""
    correction_file: str = ""
    spare_case: str = ""
    payment: str = ""
    refund_id: int = 0
    payment_id: int = 0
    staff_id: int = 0
    article_id: int = 0
    spare_article_id: int = 0
    text_id: int = 0
    spare_text_id: int = 0
    case_id_there: int = 0


def settle(browser: Callable[[str, str], Browser]) -> Town:
    """Put everything in its place in the two cities, which have departments, procedures and layers.

    browser: opens one on a city's host that asks from a network address.
    """
    town = Town()
    _things(town)
    _number_apart(town.case_id + 1_000_000)
    with city_session(THERE) as session:
        town.case_id_there = send(session, begin(session, "road-damage", damage(THERE, NAME_THERE))).id
    town.staff_id = hire(HERE, "leaver@example.jp", {})
    town.people = _people(browser)
    return town


def _number_apart(start: int) -> None:
    """Cases of the other city get numbers that no case here has, so that a number found on a page says whose it is."""
    with owner_engine().begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE city_{THERE}.case_file ALTER COLUMN id RESTART WITH {start}")


def _things(town: Town) -> None:
    with city_session(HERE) as session:
        owner = sign_in_account(session, OWNER, "ja")
        draft = begin(session, "road-occupancy", occupancy(1), owner)
        town.draft = draft.public_id
        town.draft_file = files_of_draft(session, draft.id)[0].public_id
        offers = [queries.offer(session, "dog-registration"), queries.offer(session, "road-damage")]
        town.bundle, town.spare_bundle, town.sent_bundle, town.parted_bundle = [
            start_bundle(session, offers, account_id=owner, language="ja").public_id for _each in range(4)
        ]
        _send(session, town.sent_bundle)
        town.bundle_draft = _draft_of(session, town.bundle)
        town.parted_draft = _draft_of(session, town.parted_bundle)
        town.spare_draft = begin(session, "road-occupancy", {}, owner).public_id
        send(session, begin(session, "road-damage", damage(HERE, "穴")))
        case = send(session, begin(session, "road-occupancy", occupancy(2), owner))
        town.case, town.case_id = case.public_id, case.id
        town.case_file = files_of_case(session, case.id)[0].public_id
        town.spare_case = send(session, begin(session, "road-occupancy", occupancy(3), owner)).public_id
        correction = send(session, begin(session, "road-occupancy", occupancy(4), owner))
        town.correction_case = correction.public_id
        town.correction_file = files_of_case(session, correction.id)[0].public_id
        for move in ("accept", "request_correction"):
            apply_transition(
                session,
                correction.id,
                move,
                Actor("staff", None),
                roles=EVERY_ROLE,
                inputs=MoveInputs(note="図面", fields=("plans",) if move == "request_correction" else ()),
            )
        dog = send(session, begin(session, "dog-registration", DOG, owner))
        payment = payments_of_case(session, dog.id)[0]
        # a refund that waits belongs to a case of the roads office here, so that one office owns all
        for charge in payment.charges:
            charge.case_id = case.id
        town.payment = payment.public_id
        town.payment_id = payment.id
        town.refund_id = _refund(session, payment.id)
        town.article_id = _article(session, today() - timedelta(days=1))
        town.spare_article_id = _article(session, None)
        town.text_id, town.spare_text_id = _text(session, "図面"), _text(session, "期間")


def _draft_of(session: Session, public_id: str) -> str:
    bundle = session.scalars(select(Bundle).where(Bundle.public_id == public_id)).one()
    return members_of(session, bundle)[0].draft.public_id


def _send(session: Session, public_id: str) -> None:
    """Fill in a bundle, and send it."""
    bundle = session.scalars(select(Bundle).where(Bundle.public_id == public_id)).one()
    answers = {"dog-registration": DOG, "road-damage": damage(HERE, "穴")}
    for member in members_of(session, bundle):
        save_answers(session, member.draft, member.definition, answers[member.key])
    submit_bundle(session, bundle)


def _refund(session: Any, payment_id: int) -> int:
    attempt = PaymentAttempt(
        order_id=payment_id,
        number=1,
        reference="attempt",
        amount=3000,
        methods=["card"],
        request={},
        status="failed",
        created_at=datetime.now(UTC),
    )
    session.add(attempt)
    session.flush()
    refund = Refund(
        order_id=payment_id,
        attempt_id=attempt.id,
        amount=100,
        reason="二重",
        reference="refund",
        status="requested",
        created_at=datetime.now(UTC),
    )
    session.add(refund)
    session.flush()
    return refund.id


def _text(session: Session, title: str) -> int:
    office = department_by_key(session, "road-management")
    assert office is not None
    content = standard_texts.StandardContent("message", None, title, {"ja": f"{title}を確かめてください。"})
    saved = standard_texts.save_text(
        session, None, content, department_id=office.id, actor=Actor("staff", None), expected_version=0
    )
    return saved.id


def _article(session: Session, shown_from: date | None) -> int:
    """News of the roads office: a draft where no day is given."""
    text = {"ja": "道路の工事のお知らせ"}
    office = department_by_key(session, "road-management")
    assert office is not None
    content = news.Content("くらし", text, text, shown_from, None)
    article = news.save_article(
        session, None, content, department_id=office.id, actor=Actor("staff", None), expected_version=0
    )
    return article.id


def _people(browser: Callable[[str, str], Browser]) -> dict[str, Browser]:
    staff = {
        "officer": (HERE, {"road-management": EVERY_ROLE}),
        "neighbour": (HERE, {"environment": EVERY_ROLE, "citizens": EVERY_ROLE}),
        "bystander": (HERE, {}),
        "officer there": (THERE, {"road-management": EVERY_ROLE, "environment": EVERY_ROLE}),
    }
    people = {"anonymous": browser(HERE, "192.0.2.9")}
    people["anonymous"].get("/sign-in")
    for number, (who, (city, roles)) in enumerate(staff.items(), start=10):
        email = f"staff{number}@example.jp"
        hire(city, email, roles)
        people[who] = browser(city, f"192.0.2.{number}").sign_in_at_desk(email)
    people["owner"] = browser(HERE, "192.0.2.20").sign_in(OWNER)
    people["stranger"] = browser(HERE, "192.0.2.21").sign_in("hanako@example.jp")
    people["resident there"] = browser(THERE, "192.0.2.22").sign_in(OWNER)
    return people
