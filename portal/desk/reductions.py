"""Reductions of fees that wait for a decision, as the office sees them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from forms import Definition
from portal.cases import Case, asked_reductions, moves
from portal.core.access import StaffIdentity
from portal.core.text import pick
from portal.files import StoredFile, files_of_case


@dataclass(frozen=True)
class AskedReduction:
    """One line whose reduction waits: `proofs` are the files that show why."""

    line: int
    title: str
    label: str
    amount: int
    reduced: int
    proofs: Sequence[StoredFile]
    may_decide: bool


def reductions_of(session: Session, case: Case, definition: Definition, staff: StaffIdentity) -> list[AskedReduction]:
    """The reductions of a case that nobody has decided; no statement where there are none."""
    open_reductions = asked_reductions(case)
    files = files_of_case(session, case.id) if open_reductions else []
    roles = moves.roles_in(staff, case)
    reductions = []
    for number, line in open_reductions:
        rule = definition.fee_rules[line["id"]].reduction
        proof = rule.proof if rule else None
        reductions.append(
            AskedReduction(
                line=number,
                title=pick(line["label"], "ja"),
                label=rule.label.for_language("ja") if rule else "",
                amount=line["amount"],
                reduced=line["reduced_amount"],
                proofs=[file for file in files if file.field == proof],
                may_decide=line["decided_by"] in roles and case.closed_at is None,
            )
        )
    return reductions
