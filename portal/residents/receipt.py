"""The receipt after sending: the number, a code to come back with, the place, and what happens from now on."""

from flask import render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.cases import Case, chain_of, contact_address, intakes, loses_places_unpaid, open_answers, pay_deadline
from portal.cases.lotteries import promised_lotteries
from portal.cases.tracking import check_code
from portal.core.access import PUBLIC, allow
from portal.core.errors import NotFound, SignInNeeded
from portal.core.tenancy import current_city
from portal.core.text import _
from portal.core.web import db
from portal.identity import get_department
from portal.maps import base_map_options
from portal.payments import money_awaited, payments_of_case
from portal.procedures import definition_of
from portal.residents import visitor_access
from portal.residents.answers import place_rows
from portal.residents.blueprint import bp
from portal.residents.chosen_days import days_of_case
from portal.residents.handover import city_ahead
from portal.residents.keeping import offered_to_keep
from portal.residents.map_statements import looked_up
from portal.residents.progress import from_now_on
from portal.residents.qr_code import qr_code, with_purpose
from portal.residents.status import status_instead
from portal.residents.visit import visit_of_case
from portal.residents.warnings_kept import warnings_kept


@bp.get("/done/<public_id>")
@allow(PUBLIC)
def done(public_id: str) -> str | Response:
    """The ticket; for who follows the application without signing in, where it stands."""
    try:
        case = visitor_access.case(db(), public_id)
    except (NotFound, SignInNeeded) as missing:
        return status_instead(public_id, missing)
    definition = definition_of(db(), case.version_id)
    payments = payments_of_case(db(), case.id)
    due = next((payment for payment in payments if payment.is_payable), None)
    awaited = money_awaited(db(), [due.id]).get(due.id) if due is not None and due.status == "pending" else None
    return render_template(
        "residents/done.html",
        case=case,
        definition=definition,
        due=due,
        awaited=awaited,
        deadline=pay_deadline(awaited.until, [due.pay_by], loses_places=loses_places_unpaid(case, definition))
        if due is not None and awaited is not None
        else None,
        paid=sum(payment.net_received for payment in payments),
        address=contact_address(db(), case),
        returned=sum(payment.received or 0 for payment in payments) - sum(payment.net_received for payment in payments),
        intake=intakes.intake_of(case),
        code=check_code(case),
        known_until=visitor_access.known_until(case),
        qr=_qr_of(case) if _opens_elsewhere(case) else None,
        days=days_of_case(case, definition),
        visit=visit_of_case(case, definition, get_department(db(), case.department_id)),
        places=place_rows(definition, open_answers(current_city().key, case.answers), case.facts),
        looked_up=looked_up(db(), case, definition),
        base=base_map_options(current_city(), zoom=17),
        entries=from_now_on(case, definition),
        warnings=warnings_kept(case, definition),
        promises=promised_lotteries(db(), case.procedure_key, definition),
        ahead=city_ahead(case),
        keep=offered_to_keep([case], url_for("residents.keep", public_id=public_id)),
        opened=[link for link in chain_of(db(), case) if not link.earlier] if definition.opens else [],
    )


def _opens_elsewhere(case: Case) -> bool:
    """Whether its page opens on another device too: for the account, or for the person who proves the address that letters go to."""
    return case.account_id is not None or case.contact_email is not None


def _qr_of(case: Case) -> Markup:
    code = qr_code(f"{current_city().origin}/me/cases/{case.public_id}", _("手続きのページのQRコード"))
    return with_purpose(code)
