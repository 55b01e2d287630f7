"""Where an application stands, for those who did not sign in: receipt number and e-mail address, and no answers on the page.

What was found is kept in the visit, so that no address names it; it is shown for a quarter of an hour.
"""

from datetime import datetime, timedelta

from flask import redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from portal.cases import Case, messages, queries, tracking
from portal.cases.appeals import teaching_of
from portal.cases.events import of_case
from portal.cases.queries import case_by_public_id
from portal.core.access import PUBLIC, allow, current_staff
from portal.core.clock import now
from portal.core.errors import DomainError, Invalid
from portal.core.events import Actor, View, record_views
from portal.core.tenancy import current_city
from portal.core.text import _
from portal.core.web import db
from portal.identity import normal_email, throttle
from portal.residents.blueprint import bp
from portal.residents.forms import StatusForm
from portal.residents.money_lines import lines_by_case
from portal.residents.my_page import Card, cards
from portal.residents.progress import DECISIONS, from_now_on
from portal.residents.warnings_kept import warnings_ahead
from portal.residents.withdrawal_money import money_after_end

SHOWN_FOR = timedelta(minutes=15)
_KEPT_AS = "status"


@bp.get("/status")
@allow(PUBLIC)
def ask_status() -> str:
    """Ask for the number and the address."""
    return _page(StatusForm(formdata=None))


@bp.post("/status")
@allow(PUBLIC)
def find_status() -> Response | tuple[str, int]:
    """Look it up. Whether the number or the address was wrong, or there is no such number, is not told."""
    form = StatusForm()
    number = tracking.receipt_number(form.number.data, current_city().letter)
    proof, wrong = _proof(form.proof.data)
    if number is None:
        form.number.errors = [_("受付番号は、{example}のような形で入力してください。", example=_example())]
    if wrong:
        form.proof.errors = [wrong]
    if wrong or number is None:
        return _page(form), 422
    counted = throttle.limit_status_lookup(number, proof)
    matches = tracking.find(db(), number, proof)
    if not matches:
        form.number.errors = [
            _("受付番号か、メールアドレス(確認番号)がちがいます。2つとも、もう一度確かめてください。")
        ]
        return _page(form), 422
    counted.refund()
    throttle.reset_status_limits(db(), number)
    session[_KEPT_AS] = {"cases": [case.public_id for case in matches], "until": (now() + SHOWN_FOR).isoformat()}
    return redirect(url_for("residents.status"), 303)


@bp.get("/status/case")
@allow(PUBLIC)
def status() -> str | Response:
    """How far it has come, what comes next, and what is paid, also of what was sent with it; of what was answered only the days that were chosen.

    Who reported something reads what the office wrote about the end of it: many have no other page of it.
    """
    matches = [case for public_id in shown_cases() if (case := case_by_public_id(db(), public_id)) is not None]
    if not matches:
        return redirect(url_for("residents.ask_status"), 303)
    shown = [
        (card, [entry for entry in from_now_on(card.case, card.definition) if entry["state"] != "done"])
        for card in cards(db(), matches)
    ]
    page = render_template(
        "residents/status_case.html",
        shown=shown,
        teachings={card.case.id: teaching_of(card.case, card.definition, current_city()) for card, _next in shown},
        lines=lines_by_case(db(), [card for card, _next in shown]),
        warnings={card.case.id: warnings_ahead(card.case, card.definition) for card, _next in shown},
        money={card.case.id: money_after_end(db(), card.case, card.progress.kind) for card, _next in shown},
        closing={card.case.id: _closing_words(card) for card, _next in shown},
    )
    for case in matches:
        _record_look(case)
    return page


def _closing_words(card: Card) -> str:
    """What the office wrote when a report was dealt with; empty for everything else, where it may say more than the page may."""
    if card.definition.kind != "report" or card.case.closed_at is None:
        return ""
    said = [event.data.get("message_id") for event in queries.history(db(), card.case.id) if event.name in DECISIONS]
    written = messages.messages_of(db(), card.case.id) if said and said[-1] else []
    return next((message.body for message in written if message.id == said[-1]), "")


def _record_look(case: Case) -> None:
    """A look by somebody signed in as staff is the office's look, whichever page it was on."""
    staff = current_staff()
    if staff is not None:
        view = View(of_case(case.id), "case.status_viewed", more={"department_id": case.department_id})
        record_views(db(), Actor("staff", staff.id, staff.name), [view], within=SHOWN_FOR)


@bp.post("/status/end")
@allow(PUBLIC)
def end_status() -> Response:
    """Show it no longer, for those at somebody else's computer."""
    session.pop(_KEPT_AS, None)
    return redirect(url_for("residents.ask_status"), 303)


def shown_cases() -> list[str]:
    """The public ids of the cases that this visit looked up and may still look at, the one whose number was given first."""
    kept = session.get(_KEPT_AS)
    return list(kept.get("cases", ())) if kept and datetime.fromisoformat(kept["until"]) > now() else []


def status_instead(public_id: str, missing: DomainError) -> Response:
    """To the status page, for a visit that found the case there but has no other page of it. Raises `missing` for any other visit.

    Payments lead back to the pages of the one who applied, and who paid may be one who only follows.
    """
    if public_id not in shown_cases():
        raise missing
    return redirect(url_for("residents.status"), 303)


def _proof(typed: str) -> tuple[str, str | None]:
    """What was typed beside the number in the spelling it is compared in, and what is wrong with it."""
    code = tracking.check_code_typed(typed)
    if code is not None:
        return code, None
    try:
        return normal_email(typed), None
    except Invalid:
        return "", _("送ったときのメールアドレスか、8けたの確認番号を入力してください。")


def _example() -> str:
    return f"{current_city().letter}-1124-04827"


def _page(form: StatusForm) -> str:
    return render_template("residents/status.html", form=form, example=_example(), page_errors=form.summary)
