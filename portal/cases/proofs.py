"""Proofs of what the office decides about a fee: a file of the case, or one that it adds."""

from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.files import Accepted, files_of_case, store_with_case

WAIVER_PROOF = "waiver"
SURVEY_PROOF = "survey"
"""What stored files name as their question that the office added as the proof of a waiver, or of what it measured."""


def proof_of(session: Session, case: Case, kind: str, chosen: str, added: Accepted | None) -> str:
    """Return the public id of the proof, an added file before one that was chosen; empty where there is neither in this case."""
    files = files_of_case(session, case.id)
    if added is not None:
        return store_with_case(session, case.id, kind, added, files).public_id
    return chosen if chosen in {file.public_id for file in files} else ""
