"""Consent of others (同意・連署) to an application: asked for when it is sent, again when what they were shown changes, and counted.

An agreement stands for exactly what its giver was shown. While one is missing, an application waits before the office gets it, or
before it is approved, as the definition says.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import Definition, Evaluation, workflow_of
from forms.evaluation.consents import ConsentNeed
from forms.workflow.consents import GIVEN, MISSING_AGAIN
from forms.workflow.machine import AWAITING_CONSENTS
from portal.cases.consent_links import new_link, send_link
from portal.cases.consent_models import CaseConsent
from portal.cases.consent_reading import current_consents, missing_consents
from portal.cases.events import of_case
from portal.cases.models import Case
from portal.cases.moves import apply_transition
from portal.cases.notices import notify
from portal.core.clock import now
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import SYSTEM, Actor, record
from portal.core.locking import lock_row, lock_rows
from portal.core.text import _
from portal.identity import normal_email
from portal.procedures import definition_of

REMIND_BEFORE = timedelta(days=3)


def ask_for_consents(session: Session, case: Case, definition: Definition, outcome: Evaluation) -> None:
    """Ask everybody whose consent the answers call for and who was not asked for just this; no longer ask the others.

    Called in the transaction that keeps the answers, with the case's row locked or new.
    """
    if not definition.consents:
        return
    former = {_key(row.rule, row.content): row for row in current_consents(session, case.id)}
    for need in outcome.consents:
        content = {"name": need.name, "email": need.email, "shown": _shown(definition, outcome, need, case.language)}
        if former.pop(_key(need.rule.id, content), None) is None:
            _ask(session, case, need, content)
    for row in former.values():
        row.status = "withdrawn"
        record(session, of_case(case.id), "case.consent_withdrawn", SYSTEM, consent_id=row.id)
    session.flush()


def ask_consent_once_more(session: Session, case: Case, consent_id: int, actor: Actor, *, email: str = "") -> None:
    """Mail a new link, to another address if one is given; the former link ends. The case's row must be locked.

    Raises NotFound for somebody else's consent, Conflict once it was given or the case has ended, Invalid for no address.
    """
    row = lock_row(session, CaseConsent, CaseConsent.id == consent_id, CaseConsent.case_id == case.id)
    if row is None or row.status == "withdrawn":
        raise NotFound
    if row.status == "agreed" or case.closed_at is not None:
        raise Conflict(_("この同意は、もうお願いできません。"))
    address = normal_email(email) if email.strip() else str(row.content["email"])
    definition = definition_of(session, case.version_id)
    days = next((rule.days for rule in definition.consents if rule.id == row.rule), None)
    if days is None:
        raise Invalid(_("この同意は、もうお願いできません。"))
    row.content = {key: row.content[key] for key in ("name", "shown")} | {"email": address}
    row.status, row.answered_at, row.confirmed_at, row.reminded_at = "waiting", None, None, None
    row.asked_at, row.expires_at = now(), now() + timedelta(days=days)
    token = new_link(row)
    session.flush()
    record(session, of_case(case.id), "case.consent_asked_again", actor, consent_id=row.id)
    send_link(session, case, row, token, "consent_request")


def settle_consent(session: Session, case: Case, row: CaseConsent) -> None:
    """Go on after an answer: the applicant is told of a refusal, and that all have agreed; a case that waited is handed in."""
    definition = definition_of(session, case.version_id)
    left, _count = missing_consents(session, case, definition)
    first = {rule.id for rule in definition.consents if rule.before == "submission"}
    waits = [other for other in current_consents(session, case.id) if other.rule in first and other.status != "agreed"]
    if case.state == AWAITING_CONSENTS and not waits:
        apply_transition(session, case.id, GIVEN, SYSTEM, roles=("system",))
    if row.status != "agreed" or not left:
        notify(session, case, "consent_answered", agreed=row.status == "agreed")


def settle_revoked_consent(session: Session, case: Case, row: CaseConsent) -> None:
    """Tell office and applicant that somebody took an agreement back. A case on which the office has not begun waits again, where it
    waited before; one that has cost money, or is further on, is only marked, and cannot be approved.
    """
    definition = definition_of(session, case.version_id)
    first = {rule.id for rule in definition.consents if rule.before == "submission"}
    workflow = workflow_of(definition)
    may_wait = any(move.id == MISSING_AGAIN for move in workflow.moves_from(case.state, "system"))
    if row.rule in first and may_wait and not case.fee["due"].get("submission"):
        apply_transition(session, case.id, MISSING_AGAIN, SYSTEM, roles=("system",))
    case.unread = True
    notify(session, case, "consent_revoked")


def remind_and_expire(session: Session) -> None:
    """Remind those who have not answered three days before their time is over, once; end those whose time is over."""
    soon = CaseConsent.status == "waiting", CaseConsent.expires_at < now() + REMIND_BEFORE
    ids = session.scalars(select(CaseConsent.case_id).where(*soon).distinct()).all()
    for case in lock_rows(session, Case, Case.id.in_(ids), order_by=[Case.id.asc()]) if ids else []:
        for row in lock_rows(
            session, CaseConsent, *soon, CaseConsent.case_id == case.id, order_by=[CaseConsent.id.asc()]
        ):
            if case.closed_at is not None:
                row.status = "withdrawn"
            elif row.expires_at <= now():
                row.status = "expired"
                record(session, of_case(case.id), "case.consent_expired", SYSTEM, consent_id=row.id)
                settle_consent(session, case, row)
            elif row.reminded_at is None:
                row.reminded_at = now()
                send_link(session, case, row, new_link(row), "consent_reminder")
    session.flush()


def _key(rule: str, content: dict[str, Any]) -> tuple[str, str, str, str]:
    return rule, str(content["name"]), str(content["email"]), repr([list(pair) for pair in content["shown"]])


def _ask(session: Session, case: Case, need: ConsentNeed, content: dict[str, Any]) -> None:
    row = CaseConsent(
        case_id=case.id,
        rule=need.rule.id,
        place=need.row,
        status="waiting",
        content=content,
        token_digest=b"",
        asked_at=now(),
        expires_at=now() + timedelta(days=need.rule.days),
    )
    token = new_link(row)
    session.add(row)
    session.flush()
    record(session, of_case(case.id), "case.consent_asked", SYSTEM, consent_id=row.id)
    send_link(session, case, row, token, "consent_request")


def _shown(definition: Definition, outcome: Evaluation, need: ConsentNeed, language: str) -> list[list[str]]:
    fields = [definition.fields[name] for name in need.rule.shows if name in outcome.answers]
    return [[field.label_in(language), field.show(outcome.answers[field.id], language)] for field in fields]
