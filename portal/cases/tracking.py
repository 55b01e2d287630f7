"""Finding a case without signing in: by its receipt number, and by something that only its applicant said or was told."""

import hashlib
import re
import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.bundle_models import Bundle
from portal.cases.models import Case
from portal.cases.notices import contact_address
from writing.folding import CODE

_APART = re.compile(r"[\s-]+")
_NUMBER = re.compile(r"(\D?)(\d{4})(\d{5,9})")
_CODE_DIGITS = 8
_NOBODYS = secrets.token_urlsafe(16)


def receipt_number(typed: str, letter: str) -> str | None:
    """A receipt number as it is stored, from however it was typed; the city's `letter` may be left out. None when it is none."""
    match = _NUMBER.fullmatch(_APART.sub("", CODE(typed)))
    return f"{match[1] or letter}-{match[2]}-{match[3]}" if match else None


def check_code(sent: Case | Bundle) -> str:
    """Eight digits on the receipt, for those who did not sign in: `4821-9077`. A bundle has one for all that was sent in it."""
    digits = _code(sent.public_id)
    return f"{digits[:4]}-{digits[4:]}"


def check_code_typed(typed: str) -> str | None:
    """The digits of a check code, from however they were typed. None when it is none."""
    digits = _APART.sub("", CODE(typed))
    return digits if digits.isascii() and digits.isdecimal() and len(digits) == _CODE_DIGITS else None


def is_check_code(sent: Case | Bundle, digits: str) -> bool:
    """Whether these digits are the check code of what was sent, in a time that says nothing about it."""
    return secrets.compare_digest(_code(sent.public_id).encode(), digits.encode())


def find(session: Session, number: str, proof: str) -> list[Case]:
    """The case of that number, if `proof` is its check code, that of its bundle, or the address its letters go to; nothing otherwise.

    Behind it those that were sent with it and that the same proof opens, in the order of their numbers.

    `proof` is in the spelling of `check_code_typed` or `normal_email`. A number that does not exist and a proof that is
    wrong take the same way, so that neither the answer nor its time tells them apart.
    """
    query = select(Case, Bundle.public_id).outerjoin(Bundle, Bundle.id == Case.bundle_id).where(Case.number == number)
    case, bundle = session.execute(query).one_or_none() or (None, None)
    code, common = _code(case.public_id if case else _NOBODYS), _code(bundle or _NOBODYS)
    address = (contact_address(session, case) if case else None) or ""
    is_code = secrets.compare_digest(code.encode(), proof.encode())
    is_common = secrets.compare_digest(common.encode(), proof.encode()) and bundle is not None
    is_address = secrets.compare_digest(address.lower().encode(), proof.encode())
    if case is None or not (is_code or is_common or is_address):
        return []
    if case.bundle_id is None or is_code:
        return [case]
    others = select(Case).where(Case.bundle_id == case.bundle_id, Case.id != case.id).order_by(Case.id)
    return [
        case,
        *(
            other
            for other in session.scalars(others)
            if is_common or (contact_address(session, other) or "").lower() == proof
        ),
    ]


def _code(public_id: str) -> str:
    """Digits that follow from the case's random id, and from which that id cannot be found."""
    digest = hashlib.sha256(f"check code {public_id}".encode()).digest()
    return f"{int.from_bytes(digest) % 10**_CODE_DIGITS:0{_CODE_DIGITS}}"
