"""A correction that is being written: what was typed into it, kept until it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from forms.fields.marks import listed
from forms.text.safety import holds_my_number
from portal.cases.models import Case, CorrectionDraft
from portal.cases.typed import open_typed, seal_typed
from portal.core.clock import now
from portal.core.database import city_of


@dataclass(frozen=True)
class SavedCorrection:
    """What was typed so far: `texts` by the name of their input, of the questions `answered` (a question without texts was
    emptied), the `note` to the office, and the ids of the files handed in that were `taken_out`."""

    texts: Mapping[str, Any] = field(default_factory=dict)
    answered: frozenset[str] = frozenset()
    note: str = ""
    taken_out: frozenset[str] = frozenset()
    saved_at: datetime | None = None


def save_correction_draft(session: Session, case: Case, typed: SavedCorrection) -> SavedCorrection:
    """Save the input of a correction's page. A My Number is not saved: the office may not collect it (番号法 第20条)."""
    texts = {name: text for name, text in typed.texts.items() if not any(map(holds_my_number, listed(text)))}
    note = "" if holds_my_number(typed.note) else typed.note
    whole = {
        "texts": texts,
        "answered": sorted(typed.answered),
        "note": note,
        "taken_out": sorted(typed.taken_out),
    }
    moment = now()
    values = {"typed": seal_typed(city_of(session), correction_context(case.public_id), whole), "saved_at": moment}
    row = insert(CorrectionDraft).values(case_id=case.id, **values)
    session.execute(row.on_conflict_do_update(index_elements=[CorrectionDraft.case_id], set_=values))
    return replace(typed, texts=texts, saved_at=moment)


def correction_draft_of(session: Session, case: Case) -> SavedCorrection | None:
    """Return the saved correction of a case; None without one."""
    row = session.get(CorrectionDraft, case.id)
    if row is None:
        return None
    kept = open_typed(city_of(session), correction_context(case.public_id), row.typed)
    taken_out = frozenset(kept.get("taken_out", ()))  # kept before files could be taken out: none were
    return SavedCorrection(kept["texts"], frozenset(kept["answered"]), kept["note"], taken_out, row.saved_at)


def delete_correction_draft(session: Session, case: Case) -> None:
    """Delete the saved correction of a case."""
    session.execute(delete(CorrectionDraft).where(CorrectionDraft.case_id == case.id))


def purge_obsolete(session: Session) -> None:
    """Delete the saved corrections of cases that no longer wait for one."""
    over = select(Case.id).where(Case.id == CorrectionDraft.case_id, Case.status != "fix")
    session.execute(delete(CorrectionDraft).where(over.exists()))


def correction_context(public_id: str) -> str:
    """Whose typed texts they are: of the correction of that case."""
    return f"correction {public_id}"
