"""A procedure's own page: what one must know before beginning."""

from flask import render_template

from forms import Definition
from portal import procedures
from portal.cases import Draft, acceptance_now, acceptance_sentence, draft_lasts, public_titles
from portal.cases.lotteries import promised_lotteries
from portal.core.access import PUBLIC, allow
from portal.core.config import settings
from portal.core.tenancy import current_city
from portal.core.web import db
from portal.identity import get_department
from portal.procedures import Offer
from portal.residents import visitor_access
from portal.residents.blueprint import bp
from portal.residents.definition_texts import deadline, fee_lines, fee_summary, fixed_fee, requirements, standard_days
from portal.residents.fee_examples import fee_examples


@bp.get("/procedures/<key>")
@allow(PUBLIC)
def procedure(key: str) -> str:
    """Who, fee, deadline, what to bring, the law, the department; and the button that begins."""
    offer = procedures.offer(db(), key)
    definition = offer.definition
    acceptance = acceptance_now(definition)
    return render_template(
        "residents/procedure.html",
        offer=offer,
        definition=definition,
        department=get_department(db(), offer.department_id),
        fee=fee_summary(definition),
        fee_lines=fee_lines(definition),
        fee_examples=fee_examples(definition, current_city()) if fixed_fee(definition) is None else [],
        deadline=deadline(definition),
        standard_days=standard_days(definition),
        requirements=requirements(definition),
        before=_before(definition),
        offices=definition.offices_in(current_city().key),
        acceptance=acceptance,
        accepted=acceptance_sentence(acceptance),
        draft_lasts=draft_lasts(acceptance),
        draft=_open_draft(key),
        public_layers=public_titles(offer),
        draft_days=settings().draft_days,
        promises=promised_lotteries(db(), key, definition),
    )


def _before(definition: Definition) -> list[Offer]:
    """The procedures that must be done first (`routing.after`), as far as the city takes applications for them here."""
    keys = definition.routing.after if definition.routing else ()
    by_key = {offer.key: offer for offer in procedures.offers(db())} if keys else {}
    return [by_key[key] for key in keys if key in by_key]


def _open_draft(key: str) -> Draft | None:
    """This visitor's newest unsent draft of the procedure into which something was written."""
    mine = visitor_access.drafts(db())
    return next((draft for draft in mine if draft.procedure_key == key and draft.is_begun), None)
