"""The way of a co-signer: the link from the mail, the code that proves the address again, and the answer.

The link alone shows what it is about and nothing of the answers. It is made for one consent, ends with it, and is replaced by the
next one that is mailed; so is the code. Only digests are kept.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from forms import Workflow
from forms.fields import FormReader, ReadContext
from forms.fields.signature import SignatureField
from portal.cases.consent_models import CaseConsent
from portal.cases.events import of_case
from portal.cases.models import Case
from portal.cases.notices import title_of
from portal.core.clock import local_date, now, today
from portal.core.crypto import application_secret
from portal.core.errors import Invalid
from portal.core.events import Actor, record
from portal.core.locking import lock_row
from portal.core.tenancy import plane_of
from portal.core.text import _, current_language
from portal.notifications import send_mail

CODE_LIFE = timedelta(minutes=10)
PROOF_LIFE = timedelta(hours=2)
MAX_TRIES = 5
MAX_REASON = 1000
SIGNATURE = SignatureField(id="signature", type="signature")
CO_SIGNER = Actor("applicant")
"""Whoever answers by a link has no account; the event names the consent."""


def new_link(row: CaseConsent) -> str:
    """Give a consent another token, and return it. What was confirmed with the former one no longer counts."""
    token = secrets.token_urlsafe(32)
    row.token_digest = _digest(token)
    row.code_digest = row.proof_digest = row.code_until = row.proof_until = None
    row.tries = 0
    return token


def send_link(session: Session, case: Case, row: CaseConsent, token: str, kind: str) -> None:
    """Mail the link: `consent_request` or `consent_reminder`."""
    send_mail(
        session,
        kind,
        to=row.content["email"],
        language=case.language,
        case_id=case.id,
        title=title_of(session, case),
        applicant=case.applicant_name,
        until=local_date(row.expires_at),
        path=f"/consent/{token}",
    )


def consent_of_link(session: Session, token: str) -> tuple[Case, CaseConsent] | None:
    """The consent that a link is for, with its case; None where the link has ended or never was."""
    query = (
        select(Case, CaseConsent)
        .join(Case, Case.id == CaseConsent.case_id)
        .where(CaseConsent.token_digest == _digest(token), CaseConsent.status != "withdrawn")
    )
    row = session.execute(query).one_or_none()
    return (row[0], row[1]) if row else None


def is_open(case: Case, row: CaseConsent) -> bool:
    """Whether the consent can still be given or refused."""
    return row.status == "waiting" and row.expires_at > now() and case.closed_at is None


def send_code(session: Session, case: Case, row: CaseConsent, token: str) -> None:
    """Mail six digits to the address that was asked. A new code ends the former."""
    code = f"{secrets.randbelow(10**6):06}"
    row.code_digest, row.code_until, row.tries = _code_digest(row, code), now() + CODE_LIFE, 0
    session.flush()
    send_mail(
        session,
        "consent_code",
        to=row.content["email"],
        language=case.language,
        case_id=case.id,
        title=title_of(session, case),
        code=code,
        path=f"/consent/{token}",
    )


def redeem_code(session: Session, row: CaseConsent, code: str) -> str | None:
    """What proves the address from now on, for the page that entered the right code; None for a wrong, old or used one.

    A try is counted before the code is compared, in one statement, so that parallel guesses do not get more.
    """
    counted = session.execute(
        update(CaseConsent)
        .where(CaseConsent.id == row.id, CaseConsent.tries < MAX_TRIES, CaseConsent.code_until > now())
        .values(tries=CaseConsent.tries + 1)
        .returning(CaseConsent.code_digest)
    ).scalar()
    if counted is None or not hmac.compare_digest(counted, _code_digest(row, code.strip())):
        return None
    proof = secrets.token_urlsafe(32)
    row.code_digest = row.code_until = None
    row.proof_digest, row.proof_until, row.confirmed_at = _digest(proof), now() + PROOF_LIFE, now()
    session.flush()
    return proof


def is_proved(row: CaseConsent, proof: str) -> bool:
    """Whether a page has entered the right code in the last two hours."""
    current = row.proof_until is not None and row.proof_until > now()
    return current and hmac.compare_digest(row.proof_digest or b"", _digest(proof))


def answer(
    session: Session,
    case: Case,
    row: CaseConsent,
    *,
    agrees: bool,
    needs_signature: bool,
    signature: Mapping[str, str],
    reason: str,
) -> None:
    """Keep the answer of somebody who proved the address; both rows must be locked. `signature` is the typed name and the strokes.

    Raises Invalid with a sentence for `signature` or `reason`.
    """
    reason, faults, signed = reason.strip()[:MAX_REASON], {}, None
    if agrees and needs_signature:
        form = {f"{SIGNATURE.id}.{part}": [text] for part, text in signature.items()}
        reading = SIGNATURE.read(FormReader(form, SIGNATURE.id), ReadContext(today(), plane=plane_of(session)))
        signed = reading.value
        if reading.errors:
            faults["signature"] = reading.errors[0].message(current_language())
    if not agrees and not reason:
        faults["reason"] = _("同意しない理由を入力してください。")
    if faults:
        raise Invalid(next(iter(faults.values())), faults)
    more: dict[str, Any] = {"signature": signed} if signed else {} if agrees else {"reason": reason}
    row.content = row.content | more
    row.status, row.answered_at, row.proof_digest = "agreed" if agrees else "refused", now(), None
    session.flush()
    event = "case.consent_given" if agrees else "case.consent_refused"
    record(session, of_case(case.id), event, CO_SIGNER, consent_id=row.id)


def may_revoke(case: Case, row: CaseConsent, workflow: Workflow) -> bool:
    """Whether somebody who agreed may still take it back: while the application is not decided."""
    return row.status == "agreed" and case.closed_at is None and workflow.awaits_decision(case.state)


def revoke(session: Session, case: Case, row: CaseConsent, *, reason: str) -> None:
    """Take back an agreement, by somebody who proved the address; both rows must be locked."""
    kept = {key: value for key, value in row.content.items() if key != "signature"}
    row.content = kept | ({"reason": reason.strip()[:MAX_REASON]} if reason.strip() else {})
    row.status, row.answered_at, row.proof_digest = "revoked", now(), None
    session.flush()
    record(session, of_case(case.id), "case.consent_revoked", CO_SIGNER, consent_id=row.id)


def lock_consent(session: Session, case_id: int, consent_id: int) -> tuple[Case, CaseConsent] | None:
    """The case and then its consent, locked: everybody locks in this order."""
    case = lock_row(session, Case, Case.id == case_id)
    row = lock_row(session, CaseConsent, CaseConsent.id == consent_id, CaseConsent.case_id == case_id)
    return (case, row) if case is not None and row is not None else None


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _code_digest(row: CaseConsent, code: str) -> bytes:
    # Six digits are quickly tried against a plain digest; the key is not in the database.
    return hmac.digest(application_secret().encode(), f"consent {row.id} {code}".encode(), "sha256")
