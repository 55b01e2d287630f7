"""What was proposed for the place of a dossier, as it was frozen there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from geo.sketch import Sketch
from portal.cases.dossiers import Dossier
from portal.cases.place_proposals import Proposed
from portal.core.text import _
from portal.residents.proposal_cards import OUTCOMES, place_sketch, sizes_of


@dataclass(frozen=True, slots=True)
class FrozenProposal:
    """The parts of a `ProposalCard` that a dossier shows."""

    id: str
    sent_at: datetime
    outcome: str
    proposed: Proposed
    sketch: Sketch
    sizes: Sequence[tuple[str, str, str]]


def dossier_cards(dossier: Dossier) -> list[FrozenProposal]:
    """The proposals of a dossier, the newest first."""
    return [_card(number, frozen) for number, frozen in enumerate(dossier.proposals)]


def _card(number: int, frozen: Mapping[str, object]) -> FrozenProposal:
    content, outcome = frozen["proposed"], frozen["outcome"]
    assert isinstance(content, Mapping)  # noqa: S101 - as it was frozen
    proposed = Proposed.stored(content)
    words = _(OUTCOMES[str(outcome)]) if outcome else _("申請した人の答えを待っています")
    sent = datetime.fromisoformat(str(frozen["sent_at"]))
    return FrozenProposal(f"frozen-{number}", sent, words, proposed, place_sketch(proposed), sizes_of(proposed))
