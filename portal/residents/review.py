"""The last look before sending: answers, fee, who applies; then the one button that sends and says what it costs."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from forms import due_by_answer
from forms.fields.path import FieldPath, head_of
from portal.cases import (
    Case,
    NotAccepted,
    PlacesHeld,
    ReviewOutdated,
    acceptance_now,
    acceptance_sentence,
    chain_of,
    digest_review,
    hold_places,
    join_waiting_list,
    kept_earlier,
    place_error_messages,
    places,
    submit,
    titles_of_openings,
)
from portal.cases.places import PlaceInspection
from portal.cases.queries import case_of_draft
from portal.core.access import PUBLIC, allow, current_account
from portal.core.clock import today
from portal.core.errors import Invalid
from portal.core.tenancy import current_city
from portal.core.text import _, current_language
from portal.core.web import db
from portal.identity.web_session import redirect_to_sign_in
from portal.maps import base_map_options
from portal.payments import payments_of_case
from portal.procedures import definition_of
from portal.residents import visitor_access
from portal.residents.answers import computed_rows, sections
from portal.residents.blueprint import bp
from portal.residents.definition_texts import words
from portal.residents.draft_application import DraftApplication, open_application
from portal.residents.forms import PaymentMethodForm
from portal.residents.payment_choice import payment_form
from portal.residents.payment_plan import payment_plan
from portal.residents.step_page import reading_as_saved, step_bar

_AGREED = "agreed"


@bp.get("/apply/d/<public_id>/review")
@allow(PUBLIC)
def review(public_id: str) -> str | Response:
    """Everything that was answered, once more."""
    application = open_application(db(), public_id)
    sent = case_of_draft(db(), application.draft)
    if sent is not None:
        return _after_sending(sent)
    return _page(application)


@bp.post("/apply/d/<public_id>/review")
@allow(PUBLIC)
def send_application(public_id: str) -> str | Response | tuple[str, int]:
    """Send it. A double click or a form sent again finds the same case."""
    application = open_application(db(), public_id, lock=True)
    sent = case_of_draft(db(), application.draft)
    if sent is not None:
        return _after_sending(sent)
    bundle = visitor_access.unsent_bundle_of(application.draft)
    if bundle is not None:
        return redirect(url_for("residents.go_on_bundle", public_id=bundle.public_id), 303)
    if application.definition.assurance != "none":
        away = redirect_to_sign_in(url_for("residents.review", public_id=public_id))
        if away is not None:
            return away
    if _AGREED not in request.form:
        return _page(application, agree=_("「書いた内容は正しいです。」に、チェックを入れてください。")), 422
    try:
        case = submit(db(), application.draft, application.definition, seen=request.form[_AGREED])
    except Invalid:
        return _page(application), 422
    except (NotAccepted, ReviewOutdated) as refusal:
        return _page(application, agree=refusal.message), 409
    return _after_sending(case)


@bp.post("/apply/d/<public_id>/waiting")
@allow(PUBLIC)
def wait_for_places(public_id: str) -> str | Response:
    """Wait for places that are taken. Whoever waits is told by mail, so they sign in first."""
    application = open_application(db(), public_id, lock=True)
    here = url_for("residents.review", public_id=public_id)
    if application.draft.case_id is None:
        away = redirect_to_sign_in(here)
        if away is not None:
            return away
        inspection = places.inspect_places(
            db(), application.definition, application.answers, besides=kept_earlier(application.facts)
        )
        outcome = application.judge(application.answers, inspection.facts)
        join_waiting_list(db(), application.draft, application.definition, outcome)
    return redirect(here, 303)


def _after_sending(case: Case) -> Response:
    """On to the payment if one is due (with the method that was chosen), else to the receipt."""
    visitor_access.remember_case(case)
    opened = chain_of(db(), case) if definition_of(db(), case.version_id).opens else []
    for link in opened:
        visitor_access.remember_case(link.case)
    payments = payments_of_case(db(), case.id) if any(case.fee["due"].values()) else []
    due = next((payment for payment in payments if payment.is_payable), None)
    if due is None:
        return redirect(url_for("residents.done", public_id=case.public_id), 303)
    if PaymentMethodForm().method.data:
        # 307 sends the same form on, with its token and the chosen method, so that one press is enough
        return redirect(url_for("payments.start", public_id=due.public_id), 307)
    return redirect(url_for("payments.pay", public_id=due.public_id), 303)


def _page(application: DraftApplication, *, agree: str | None = None) -> str:
    acceptance = acceptance_now(application.definition)
    inspection = places.inspect_places(
        db(), application.definition, application.answers, besides=kept_earlier(application.facts)
    )
    application.outcome = application.judge(application.answers, inspection.facts)
    fee = application.outcome.fee
    due = due_by_answer(application.definition, application.outcome.answers)
    faults = _faults(application, inspection)
    sound = acceptance.is_open and not faults and application.outcome.complete
    held = hold_places(db(), application.draft, application.definition, application.outcome) if sound else PlacesHeld()
    needs_email = application.definition.assurance != "none" and current_account() is None
    now_due = fee.due("submission") if fee.decided else 0
    plan = payment_plan(fee) if fee.decided else []
    return render_template(
        "residents/review.html",
        due=due,
        late=due is not None and due < today(),
        application=application,
        definition=application.definition,
        draft=application.draft,
        sections=sections(
            application.definition, application.outcome.answers, inspection.facts, application.outcome.visible
        ),
        fee=fee,
        now_due=now_due,
        later_due=fee.due("approved") if fee.decided else 0,
        plan=plan,
        form=payment_form(now_due if not needs_email else 0),
        faults=faults,
        held=held,
        warnings=[warning.message(application.outcome.language) for warning in application.outcome.warnings],
        computed=computed_rows(application.definition, application.outcome),
        agree=agree,
        closed="" if acceptance.is_open else acceptance_sentence(acceptance),
        seen=digest_review(application.draft.version_id, application.outcome),
        needs_email=needs_email,
        consents=application.outcome.consents,
        opens=titles_of_openings(db(), application.definition, application.outcome, day=today()),
        payout=application.outcome.payout,
        base=base_map_options(current_city(), zoom=17),
        previous=application.steps[-1] if application.steps else None,
        **step_bar(application, "review"),
    )


def _faults(application: DraftApplication, inspection: PlaceInspection) -> list[tuple[str, str]]:
    """What still must be corrected, as links to the pages."""
    definition, outcome = application.definition, application.outcome
    sentences = {
        path: messages for path, messages in outcome.errors.items() if head_of(path) not in application.unsettled
    }
    sentences |= _unsettled(application)
    for field_id in inspection.failed_fields:
        if outcome.is_visible(field_id):
            sentences.setdefault(field_id, place_error_messages(inspection, field_id, outcome.language))
    faults = []
    for path, messages in sentences.items():
        where = FieldPath.parse(path)
        step = definition.step(where.step) if where.step else definition.step_of(where.head)
        about = words(step.title) if where.step else definition.fields[where.head].label_in(current_language())
        anchor = "step-form" if where.step else path
        faults.append(
            (f"{application.address(step)}#{anchor}", _("{label}:{sentence}", label=about, sentence=messages[0]))
        )
    if not faults and any(need.email is None for need in outcome.consents):
        sentence = _("同意をお願いする人のメールアドレスを入力してください。")
        faults.append((application.address(definition.steps[0]), sentence))
    if not faults and outcome.payout.refused:
        faults.append(("/help", words(outcome.payout.refused[0].reason)))
    if not faults and outcome.fee.refused:
        faults.append(("/help", words(outcome.fee.refused[0].reason)))
    if not faults and outcome.places.undecided:
        faults.append(("/help", _("空きの数が決まりません。担当の部署にお問い合わせください。")))
    return faults


def _unsettled(application: DraftApplication) -> dict[str, list[str]]:
    """What to do about text that is no answer, by path: what reading it objects to, else that its page waits to be sent."""
    sentences: dict[str, list[str]] = {}
    unsettled = application.unsettled
    for step in application.steps:
        here = [field.id for field in step.fields if field.id in unsettled]
        errors = reading_as_saved(application, step).errors if here else {}
        for field_id in here:
            own = {path: messages for path, messages in errors.items() if head_of(path) == field_id}
            sentences |= own or {field_id: [_("入力の途中です。ページを開いて、確かめてください。")]}
    return sentences
