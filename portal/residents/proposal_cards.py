"""What the office proposed for a place, as it is shown to the applicant and at the desk: both outlines, notes, sizes, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms import Definition
from geo.sketch import Sketch, sketch
from portal.cases.place_proposals import PlaceProposal, Proposed
from portal.core.tenancy import current_city
from portal.core.text import _, current_language
from portal.residents.answers import place_title

OUTCOMES = {
    "accepted": "案のとおりに直されました",
    "edited": "案とはちがう形に直されました",
    "kept": "場所の形は、直されませんでした",
    "ended": "答えのないまま、終わりました",
}
"""What became of a proposal, in words."""


@dataclass(frozen=True, slots=True)
class ProposalCard:
    """`sizes` are label, size before and size after, as text; `shapes` both places and the spots for a map that runs scripts.

    `path` is where the place is in the answers on the page, None where it cannot be taken over there.
    """

    id: int
    title: str
    proposed: Proposed
    sketch: Sketch
    shapes: Mapping[str, Any]
    sizes: Sequence[tuple[str, str, str]]
    outcome: str
    proposal: PlaceProposal
    path: str | None = None
    is_overtaken: bool = False


def proposal_card(
    definition: Definition, proposal: PlaceProposal, path: str | None = None, *, overtaken: bool = False
) -> ProposalCard:
    """The card of a proposal, in the reader's language."""
    proposed = Proposed.stored(proposal.content)
    question = definition.question_at(proposal.field)
    label = question.label_in(current_language()) if question else proposal.field
    row = place_title(definition, proposal.field)
    return ProposalCard(
        proposal.id,
        f"{row} {label}" if row and row != label else label,
        proposed,
        place_sketch(proposed),
        _shapes(proposed),
        sizes_of(proposed),
        _(OUTCOMES[proposal.outcome]) if proposal.outcome else "",
        proposal,
        path,
        overtaken,
    )


def place_sketch(proposed: Proposed) -> Sketch:
    """Both places over each other, with the spots of the notes."""
    both = [proposed.before, *([proposed.geometry] if proposed.geometry is not None else [])]
    return sketch(both, [note.position for note in proposed.notes], current_city().plane)


def _shapes(proposed: Proposed) -> dict[str, Any]:
    roles = [("former", proposed.before), ("place", proposed.geometry)]
    if proposed.geometry is None:
        roles = [("place", proposed.before)]
    features = [
        {"type": "Feature", "geometry": geometry, "properties": {"role": role, "title": None}}
        for role, geometry in roles
    ]
    return {"type": "FeatureCollection", "features": features}


def sizes_of(proposed: Proposed) -> list[tuple[str, str, str]]:
    """Label, size before and size after, as text; the length of what has no area."""
    return [
        (
            label,
            words.format(proposed.before_sizes[name]),
            words.format(proposed.sizes[name]) if name in proposed.sizes else "—",
        )
        for name, label, words in (("area_m2", _("面積"), "{:,.2f} m²"), ("length_m", _("長さ"), "{:,.1f} m"))
        if name in proposed.before_sizes and (name == "area_m2" or "area_m2" not in proposed.before_sizes)
    ]
