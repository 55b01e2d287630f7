"""What a check offers to write is put into the text by a press, where it belongs."""

import json
from contextlib import suppress

from flask import request
from flask.typing import ResponseReturnValue

from forms.definition.diagnostics import Offer
from forms.definition.inserting import Edit, NoPlace, apply, insert
from portal.core.access import allow
from portal.core.text import _
from portal.core.web import db
from portal.procedures import Procedure
from portal.publishing.blueprint import EDIT, bp
from portal.publishing.checks import diagnose
from portal.publishing.editing import editor
from portal.publishing.forms import OfferForm
from portal.publishing.preview import preview_options
from portal.publishing.reach import clean, procedure_of

ALL = "all"
"""The name of all offers together."""
MAX_ROUNDS = 5
"""Of all offers together: an answer may bring up the next question, which is offered then."""


@bp.post("/<key>/offer")
@allow(EDIT)
def take_offer(key: str) -> ResponseReturnValue:
    """Write what is offered under the posted name (`draft-offer`) into the posted text. Nothing is saved by it.

    A script is answered with the edits, so that its reader keeps place and undo; without one the page comes back with the new text.
    """
    procedure, form = procedure_of(key), OfferForm(prefix="draft")
    source = clean(form.source.data)
    edits, problem = _edits_of(procedure, source, form.offer.data)
    if request.accept_mimetypes.best == "application/json":
        return {"edits": _sequence(source, edits), "problem": problem}
    for step in edits:
        source = apply(source, step)
    return editor(procedure, source, preview_options(), problem=problem), 409 if problem else 200


def _edits_of(procedure: Procedure, source: str, name: str) -> tuple[list[list[Edit]], str]:
    """The edits of one press, each step upon the text that the steps before it left; and why there are none."""
    steps: list[list[Edit]] = []
    done: set[str] = set()
    for _round in range(MAX_ROUNDS if name == ALL else 1):
        offers = [offer for offer in _offers(procedure, source) if name in (ALL, offer.name) and offer.name not in done]
        for offer in offers:
            done.add(offer.name)
            with suppress(NoPlace):
                steps.append(insert(source, offer.path, json.loads(offer.value), offer.order))
                source = apply(source, steps[-1])
        if not offers:
            break
    return steps, "" if steps else _("書き足す場所がわかりません。本文に、ご自分で書き足してください。")


def _offers(procedure: Procedure, source: str) -> list[Offer]:
    return [diagnostic.offer for diagnostic in diagnose(db(), procedure, source).all if diagnostic.offer]


def _sequence(source: str, steps: list[list[Edit]]) -> list[list[int | str]]:
    """`[place, text]` in the order in which a page carries them out; places are counted as scripts do, in UTF-16."""
    sequence: list[list[int | str]] = []
    for edits in steps:
        for edit in sorted(edits, key=lambda edit: edit.offset, reverse=True):
            sequence.append([_units(source[: edit.offset]), edit.text])
        source = apply(source, edits)
    return sequence


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
