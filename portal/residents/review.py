"""The last look before sending: answers, fee, who applies; then the one button that sends and says what it costs."""

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from forms import Fee
from forms.fields.path import FieldPath, head_of
from portal.cases import (
    Case,
    NotAccepted,
    ReviewOutdated,
    chain_of,
    join_waiting_list,
    kept_earlier,
    place_error_messages,
    places,
    submit,
    titles_of_openings,
)
from portal.cases.bundles import submit_bundle
from portal.cases.places import PlaceInspection
from portal.cases.queries import case_of_draft
from portal.core.access import PUBLIC, allow, current_account
from portal.core.clock import today
from portal.core.errors import Invalid
from portal.core.page_tokens import is_late
from portal.core.tenancy import current_city
from portal.core.text import _, labelled
from portal.core.web import db
from portal.identity.web_session import forget_review, redirect_to_sign_in, remember_review, remembered_review
from portal.maps import base_map_options
from portal.payments import payments_of_case
from portal.procedures import definition_of
from portal.residents import late, visitor_access
from portal.residents.answers import computed_rows, sections
from portal.residents.blueprint import bp
from portal.residents.bundle_sent import after_sending
from portal.residents.definition_texts import payment_effect, words
from portal.residents.draft_application import DraftApplication, open_application
from portal.residents.fault_labels import with_label
from portal.residents.form_submission import then_to_review
from portal.residents.forms import PaymentMethodForm
from portal.residents.live_summary import fee_still_open
from portal.residents.own_rows import address_of, on_page
from portal.residents.payment_choice import payment_form
from portal.residents.payment_plan import payment_plan
from portal.residents.place_addresses import places_elsewhere
from portal.residents.postal_codes import doubtful_addresses
from portal.residents.review_shares import (
    Share,
    choices_to_change,
    closed_sentence,
    digest_of,
    fee_now,
    hold_all,
    shares_of,
)
from portal.residents.step_page import reading_as_saved, step_bar
from portal.residents.warnings_kept import KeptWarning, warnings_called_for

_AGREED = "agreed"


@bp.get("/apply/d/<public_id>/review")
@allow(PUBLIC)
def review(public_id: str) -> str | Response:
    """Everything that was answered, once more."""
    application = open_application(db(), public_id)
    if application.is_sent:
        return _after_sending(application, case_of_draft(db(), application.members[0].draft))
    return _page(application)


@bp.post("/apply/d/<public_id>/review")
@allow(PUBLIC)
def send_application(public_id: str) -> str | Response | tuple[str, int]:
    """Send it. A double click or a form sent again finds the same cases.

    Who must sign in (again) comes back to this page with what was ticked and chosen on it, so that one press sends.
    """
    here = url_for("residents.review", public_id=public_id)
    if late.must_sign_in_again(public_id):
        remember_review(public_id, _choices())
        return late.to_sign_in(here)
    application = open_application(db(), public_id, lock=True)
    if application.is_sent:
        return _after_sending(application, case_of_draft(db(), application.members[0].draft))
    if application.definition.assurance != "none" and application.intake is None:
        away = redirect_to_sign_in(here)
        if away is not None:
            remember_review(public_id, _choices())
            return away
    if is_late():
        remember_review(public_id, _choices())
        return _page(application), 400
    if _AGREED not in request.form:
        return _page(application, agree=_("「内容に間違いはありません。」に、チェックを入れてください。")), 422
    try:
        first = _send(application, request.form[_AGREED])
    except Invalid as fault:
        return _page(application, agree=fault.message), 422
    except (NotAccepted, ReviewOutdated) as refusal:
        return _page(application, agree=refusal.message), 409
    return _after_sending(application, first)


def _send(application: DraftApplication, seen: str) -> Case:
    """Make the case of each procedure, all or none: what is refused halfway leaves nothing behind. The first is returned."""
    with db().begin_nested():
        if application.bundle is not None:
            application.spread()
            return submit_bundle(db(), application.bundle, seen=seen)[0]
        member = application.members[0]
        return submit(db(), member.draft, member.definition, seen=seen)


@bp.post("/apply/d/<public_id>/waiting")
@allow(PUBLIC)
def wait_for_places(public_id: str) -> str | Response:
    """Wait for places that are taken. Whoever waits is told by mail, so they sign in first."""
    application = open_application(db(), public_id, lock=True)
    here = url_for("residents.review", public_id=public_id)
    if not application.is_sent and application.bundle is None:
        away = redirect_to_sign_in(here)
        if away is not None:
            return away
        member = application.members[0]
        inspection = places.inspect_places(
            db(), member.definition, application.answers, besides=kept_earlier(application.facts)
        )
        outcome = application.judge(application.answers, inspection.facts)
        join_waiting_list(db(), member.draft, member.definition, outcome)
    return redirect(here, 303)


def _choices() -> dict[str, str]:
    """What was ticked and chosen on the page that was posted."""
    return {name: request.form[name] for name in (_AGREED, "method") if request.form.get(name)}


def _after_sending(application: DraftApplication, case: Case | None) -> Response:
    """On to the payment if one is due (with the method that was chosen), else to the receipt."""
    forget_review()
    if application.bundle is not None:
        return after_sending(application.bundle)
    assert case is not None  # noqa: S101 - it was sent
    visitor_access.remember_case(case)
    opened = chain_of(db(), case) if definition_of(db(), case.version_id).opens else []
    for link in opened:
        visitor_access.remember_case(link.case)
    if application.intake is not None:  # who applies pays elsewhere than in this browser
        return redirect(url_for("residents.done", public_id=case.public_id), 303)
    payments = payments_of_case(db(), case.id) if any(case.fee["due"].values()) else []
    due = next((payment for payment in payments if payment.is_payable), None)
    if due is None:
        return redirect(url_for("residents.done", public_id=case.public_id), 303)
    if PaymentMethodForm().method.data:
        # 307 sends the same form on, with its token and the chosen method, so that one press is enough
        return redirect(url_for("payments.start", public_id=due.public_id), 307)
    return redirect(url_for("payments.pay", public_id=due.public_id), 303)


def _limits(fee: Fee) -> list[tuple[str, tuple[str, ...]]]:
    """By which methods the lines that are due now may be paid."""
    return [(words(line.label), line.methods) for line in fee.lines if line.when == "submission" and line.amount]


def _page(application: DraftApplication, *, agree: str | None = None) -> str:
    inspection = places.inspect_places(
        db(), application.definition, application.answers, besides=kept_earlier(application.facts)
    )
    outcome = application.outcome = application.judge(application.answers, inspection.facts)
    shares = shares_of(application)
    fee = fee_now(shares)
    closed = closed_sentence(shares)
    faults = _faults(application, inspection)
    sound = not closed and not faults and outcome.complete
    holds = hold_all(application, shares) if sound else []
    assured = application.definition.assurance == "none" or application.intake is not None
    needs_email = not assured and current_account() is None
    now_due = fee.due("submission") if fee.decided else 0
    kept = remembered_review(application.public_id)
    seen = digest_of(application, shares)
    return render_template(
        "residents/review.html",
        application=application,
        definition=application.definition,
        shares=shares,
        dues=[(share.title, due, due < today()) for share in shares if (due := share.due)],
        change_address=then_to_review,
        sections=sections(application.definition, outcome.answers, inspection.facts, outcome.visible),
        fee=fee,
        still_open=fee_still_open(application.definition, outcome) if application.definition.fee else "",
        now_due=now_due,
        later_due=fee.due("approved") if fee.decided else 0,
        effects=_effects(shares),
        plan=payment_plan(fee) if fee.decided else [],
        form=payment_form(now_due if not needs_email else 0, _limits(fee), kept.get("method")),
        faults=faults,
        holds=holds,
        changes=[choices_to_change(application, *pair) for pair in zip(shares, holds, strict=False)],
        warnings=[
            *(KeptWarning(warning.message(outcome.language)) for warning in outcome.warnings),
            *warnings_called_for(application.definition, outcome),
            *(KeptWarning(doubt) for doubt in doubtful_addresses(application.definition, outcome.answers)),
            *(KeptWarning(doubt) for doubt in places_elsewhere(application)),
        ],
        computed=[row for share in shares for row in computed_rows(share.member.definition, share.outcome)],
        agree=agree,
        closed=closed,
        seen=seen,
        comes_back=bool(kept) and agree is None,
        ticked=kept.get(_AGREED) == seen,
        needs_email=needs_email,
        consents=outcome.consents,
        opens=[
            title
            for share in shares
            for title in titles_of_openings(db(), share.member.definition, share.outcome, day=today())
        ],
        payout=outcome.payout,
        base=base_map_options(current_city(), zoom=17),
        previous=application.steps[-1] if application.steps else None,
        **step_bar(application, "review"),
    )


def _effects(shares: Sequence[Share]) -> list[str]:
    """What follows once the fees that are due after the decisions are paid, each sentence once. A fee not decided yet says nothing."""
    fees = [(share.member.definition, share.outcome.fee) for share in shares]
    effects = [payment_effect(definition) for definition, fee in fees if fee.decided and fee.due("approved")]
    return list(dict.fromkeys(filter(None, effects)))


def _faults(application: DraftApplication, inspection: PlaceInspection) -> list[tuple[str, str]]:
    """What still must be corrected, as links to the pages."""
    definition, outcome = application.definition, application.outcome
    sentences = {
        on_page(application, path): messages
        for path, messages in outcome.errors.items()
        if head_of(path) not in application.unsettled
    }
    sentences |= _unsettled(application)
    for field_id in inspection.failed_fields:
        if outcome.is_visible(field_id):
            sentences.setdefault(field_id, place_error_messages(inspection, field_id, outcome.language))
    faults = []
    for path, messages in sentences.items():
        where = FieldPath.parse(path)
        step = definition.step(where.step) if where.step else definition.step_of(where.head)
        said = labelled(words(step.title), messages[0]) if where.step else with_label(definition, path, messages[0])
        faults.append(
            (then_to_review(f"{address_of(application, step, path)}#{'step-form' if where.step else path}"), said)
        )
    if not faults and (unknown := next((need.rule for need in outcome.consents if need.email is None), None)):
        step = definition.step_of(unknown.each or unknown.email)
        faults.append(
            (then_to_review(application.address(step)), _("同意をお願いする人のメールアドレスを入力してください。"))
        )
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
