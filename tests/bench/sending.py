"""Requests that send: each an application or a bundle of its own, which becomes cases."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.bench.client import Ask
from tests.bench.ground import CITY
from tests.bench.page import Page
from tests.bench.together import Bundles
from tests.bench.visitors import Drafts

Digest = Callable[[int], str]
"""The form of the review page of number n; pages are alike but for the files, which are named after their application."""


def submit(name: str, drafts: Drafts, token: str) -> Page:
    """Each request sends an application of its own and makes a case."""
    return _page(name, drafts, token, _digest_of(drafts), lambda: _as_often_as_asked(drafts))


def submit_bundle(name: str, bundles: Bundles, token: str) -> Page:
    """Each request sends a bundle of its own, makes a case for each procedure, and puts together what is to pay."""
    from portal.cases.review_digest import digest_reviews

    _number_charges_apart()
    digests = [_digest_of(drafts) for drafts in bundles.members]
    return _page(
        name,
        bundles,
        token,
        lambda n: digest_reviews(digest(n) for digest in digests),
        lambda: _bundle_as_often_as_asked(bundles),
    )


def _page(name: str, sent: Drafts | Bundles, token: str, digest: Digest, varied: Callable[[], dict[Any, str]]) -> Page:
    return Page(
        name,
        lambda n: Ask(
            f"/apply/d/{sent.public_id(n)}/review", sent.token(n), {"csrf_token": token, "agreed": digest(n)}, 303
        ),
        varied=varied,
        supply=sent.count,
    )


def _digest_of(drafts: Drafts) -> Digest:
    from forms import evaluate
    from portal.cases import drafts as stored
    from portal.cases.places import inspect_places
    from portal.cases.review_digest import digest_review
    from portal.core.clock import today
    from portal.core.database import city_session
    from portal.core.tenancy import city
    from portal.procedures.queries import offer

    with city_session(CITY) as session:
        draft = stored.find(session, drafts.public_id(0), own=[drafts.public_id(0)], account_id=None)
        definition = offer(session, draft.procedure_key).definition
        facts = inspect_places(session, definition, answers := stored.answers_of(session, draft)).facts
        outcome = evaluate(definition, answers, facts, today=today(), language="ja", city=city(CITY))
        version_id = draft.version_id

    def digest(n: int) -> str:
        named = json.dumps(outcome.answers).replace(drafts.public_id(0), drafts.public_id(n))
        return digest_review(version_id, replace(outcome, answers=json.loads(named)))

    return digest


def _as_often_as_asked(drafts: Drafts) -> dict[Any, str]:
    """After one application was sent: SQL for its ids, so that each transaction of the bare run sends another."""
    from portal.core.database import city_session

    with city_session(CITY) as session:
        [case] = session.execute(text("SELECT id, public_id, draft_id FROM case_file ORDER BY id DESC LIMIT 1")).all()
    n = case.draft_id - drafts.first
    return _of_visit(drafts, n) | _of_draft(drafts, n) | _of_cases(drafts, [case])


def _bundle_as_often_as_asked(bundles: Bundles) -> dict[Any, str]:
    """The same after a bundle was sent, with the charges of its cases and the order in which they are paid."""
    from portal.core.database import city_session

    with city_session(CITY) as session:
        bundle_id = session.scalar(text("SELECT bundle_id FROM case_file ORDER BY id DESC LIMIT 1"))
        which = {"bundle": bundle_id}
        cases = session.execute(
            text("SELECT id, public_id, draft_id FROM case_file WHERE bundle_id = :bundle ORDER BY id"), which
        ).all()
        charges = _charges(session, [case.id for case in cases])
    n = bundle_id - bundles.first
    ids = {bundle_id: f"{bundles.first} + :n"} | _of_visit(bundles, n) | _of_cases(bundles, cases) | charges
    for drafts in bundles.members:
        ids |= _of_draft(drafts, n)
    return ids


def _of_visit(sent: Drafts | Bundles, n: int) -> dict[Any, str]:
    name = f"'{sent.name}-' || :n"
    digest = hashlib.sha256(sent.token(n).encode()).digest()
    return {sent.public_id(n): name, digest: f"sha256(convert_to({name}, 'UTF8'))"}


def _of_draft(drafts: Drafts, n: int) -> dict[Any, str]:
    return {drafts.first + n: f"{drafts.first} + :n", drafts.public_id(n): f"'{drafts.name}-' || :n"}


def _of_cases(sent: Drafts | Bundles, cases: Sequence[Any]) -> dict[Any, str]:
    """Their ids are what the bare statements got back, see `bare.script_of`."""
    ids: dict[Any, str] = {}
    for number, case in enumerate(cases):
        ids |= {case.id: f":case_file{number}_id", case.public_id: f"'bare-{sent.name}-{number}-' || :n"}
    return ids


def _charges(session: Session, case_ids: Sequence[int]) -> dict[Any, str]:
    [charge] = session.execute(
        text("""
            SELECT charge.id, "order".id AS order_id, "order".public_id AS order_public_id
            FROM charge JOIN order_line ON charge_id = charge.id JOIN payment_order AS "order" ON "order".id = order_id
            WHERE case_id = ANY(:cases)
        """),
        {"cases": list(case_ids)},
    ).all()
    return {
        charge.id: ":charge0_id",
        charge.order_id: ":payment_order0_id",
        charge.order_public_id: "'bare-order-' || :n",
    }


def _number_charges_apart() -> None:
    """Let the ids of charges and orders begin above all others, so that captured statements show which they are."""
    from portal.core.database import owner_engine, schema_of

    with owner_engine().begin() as connection:
        for number, table in enumerate(("charge", "payment_order")):
            connection.execute(
                text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :first)"),
                {"table": f"{schema_of(CITY)}.{table}", "first": 8_000_000 + 1_000_000 * number},
            )
