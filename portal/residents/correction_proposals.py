"""Places that the office proposed, in the correction of the applicant: shown over their own, and taken over into the form by a button."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from forms.fields.path import FieldPath
from forms.fields.place import PlaceField
from portal.cases import open_answers
from portal.cases.place_proposals import Proposed
from portal.cases.proposal_answers import is_overtaken, open_proposals, place_in
from portal.core.database import city_of
from portal.core.text import _
from portal.residents.correction_application import Correction
from portal.residents.proposal_cards import ProposalCard, proposal_card


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What became of the button, in `words`; `is_done`: the proposed place is in the form now."""

    words: str = ""
    is_done: bool = False


NOTHING_TAKEN = TakenOver()


def cards_of_correction(session: Session, correction: Correction) -> list[ProposalCard]:
    """What the office proposed for the places of this correction, and waits for an answer."""
    sent = open_answers(city_of(session), correction.case.answers)
    return [
        proposal_card(
            correction.definition,
            proposal,
            place_in(correction.definition, correction.answers, proposal),
            overtaken=is_overtaken(proposal, sent),
        )
        for proposal in open_proposals(session, correction.case.id)
    ]


def take_over(session: Session, correction: Correction, form: dict[str, list[str]], pressed: str | None) -> TakenOver:
    """Put the place of the proposal whose button was pressed into the posted form, in place of what stood there.

    The correction was read from the form before, so that the row is known in which the place is.
    """
    if pressed is None:
        return NOTHING_TAKEN
    card = next((card for card in cards_of_correction(session, correction) if str(card.id) == pressed), None)
    if card is None or card.is_overtaken or card.path is None or card.proposed.geometry is None:
        return TakenOver(
            _("この案は、もう使えません。場所や手続きが、案のあとに変わりました。下の質問で直してください。")
        )
    _write(correction, form, card.path, card.proposed)
    return TakenOver(_("市役所の案を、下の質問に入れました。確かめて、送ってください。"), is_done=True)


def _write(correction: Correction, form: dict[str, list[str]], path: str, proposed: Proposed) -> None:
    question, at = correction.definition.question_at(path), FieldPath.parse(path)
    assert isinstance(question, PlaceField)  # noqa: S101 - the path is that of a place
    for name in [name for name in form if FieldPath.parse(name).within(at) is not None]:
        del form[name]
    for part, text in question.inputs({"geometry": dict(proposed.geometry or {}), "source": "drawn"}).items():
        form[f"{path}.{part}"] = text if isinstance(text, list) else [text]
