"""Moving on to another city: what would cross and to whom, the consent to it and its end; and, over there, beginning with it."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal import handover
from portal.cases import (
    Case,
    handing_over,
)
from portal.core.access import PUBLIC, RESIDENT, allow, current_account, resident
from portal.core.errors import NotFound
from portal.core.tenancy import City
from portal.core.tenancy import city as city_named
from portal.core.text import _, current_language
from portal.core.web import db
from portal.identity import account_fingerprint
from portal.identity.web_session import remember_draft
from portal.procedures import definition_of, offers
from portal.residents import quotas, visitor_access
from portal.residents.blueprint import bp
from portal.residents.definition_texts import words
from portal.residents.kept_words import by_heading, label_of_item, words_of_item


@bp.get("/me/cases/<public_id>/handover")
@allow(PUBLIC)
def ask_handover(public_id: str) -> str:
    """Exactly what would cross and to whom; or what is on its way, and how it is taken back."""
    case = _own_case(public_id)
    handed = handover.handed_from_case(db(), case.id)
    possible = handing_over.possible_handover(db(), case)
    if possible is None and handed is None:
        raise NotFound(_("この手続きから、ほかの市に引き継げる内容はありません。"))
    words_of = {each.item: words_of_item(db(), each) for each in possible.items} if possible else {}
    return render_template(
        "residents/handover.html",
        case=case,
        possible=possible,
        handed=handed,
        target=city_named(handed.target_city) if handed else possible.city if possible else None,
        groups=by_heading(possible.items, words_of) if possible else {},
        words_of=words_of,
        labels=[label_of_item(db(), name) for name in handed.items] if handed else [],
        days=handover.TAKEN_WITHIN.days,
    )


@bp.post("/me/cases/<public_id>/handover")
@allow(PUBLIC)
def agree_to_handover(public_id: str) -> Response:
    """Consent: it crosses now."""
    case = _own_case(public_id, lock=True)
    handing_over.hand_over(db(), case, visitor_access.actor(case))
    return redirect(url_for("residents.ask_handover", public_id=public_id), 303)


@bp.post("/me/cases/<public_id>/handover/revoke")
@allow(PUBLIC)
def revoke_handover(public_id: str) -> Response:
    """Take the consent back."""
    case = _own_case(public_id, lock=True)
    handing_over.take_back_handover(db(), case, visitor_access.actor(case))
    return redirect(url_for("residents.case", public_id=public_id), 303)


@bp.get("/me/handovers")
@allow(RESIDENT)
def handovers() -> str:
    """What other cities handed to this one for whoever is signed in."""
    titles = {offer.key: words(offer.definition.title) for offer in offers(db())}
    waiting = handover.open_to(db(), account_fingerprint(db(), resident().id))
    return render_template(
        "residents/handovers.html",
        waiting=[
            (
                each,
                city_named(each.source_city),
                titles[each.procedure_key],
                [label_of_item(db(), name) for name in each.items],
            )
            for each in waiting
            if each.procedure_key in titles
        ],
    )


@bp.post("/me/handovers/<handover_id>/begin")
@allow(RESIDENT)
def begin_with_handover(handover_id: str) -> Response:
    """Begin the application with it; it is used up."""
    quotas.before_draft()
    draft = handing_over.begin_handed_over(db(), handover_id, resident().id, current_language())
    remember_draft(draft.public_id)
    return redirect(url_for("residents.go_on", public_id=draft.public_id), 303)


def city_ahead(case: Case) -> City | None:
    """The city to which the signed-in applicant of a case may hand something over, or has; None where there is none."""
    account = current_account()
    if account is None or case.account_id != account.id:
        return None
    handed = handover.handed_from_case(db(), case.id) if definition_of(db(), case.version_id).hands_over else None
    if handed is not None:
        return city_named(handed.target_city)
    possible = handing_over.possible_handover(db(), case)
    return possible.city if possible is not None else None


def _own_case(public_id: str, *, lock: bool = False) -> Case:
    """A case of the signed-in account whose procedure hands something over: whoever takes it over there proves the same address."""
    case = visitor_access.case(db(), public_id, lock=lock)
    if case.account_id != resident().id or not definition_of(db(), case.version_id).hands_over:
        raise NotFound(_("この手続きから、ほかの市に引き継げる内容はありません。"))
    return case
