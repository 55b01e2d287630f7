"""The pages of somebody whose consent is asked for by e-mail: what it is about, the code, what they are shown, their answer."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from forms import workflow_of
from forms.fields.signature import polylines
from portal.cases import Case, CaseConsent, ask_consent_once_more, consent_links, settle_consent, settle_revoked_consent
from portal.core.access import PUBLIC, allow
from portal.core.errors import Invalid, NotFound
from portal.core.forms import Form
from portal.core.text import _
from portal.core.web import db
from portal.identity import throttle
from portal.procedures import definition_of
from portal.residents import visitor_access
from portal.residents.blueprint import bp
from portal.residents.forms import ConsentAddressForm, ConsentAnswerForm, ConsentCodeForm, ConsentRevokingForm

Answer = str | Response | tuple[str, int]


@bp.get("/consent/<token>")
@allow(PUBLIC)
def consent(token: str) -> Answer:
    """What is asked, by whom and until when; nothing of the answers yet. Opening the page does nothing, because mail scanners do."""
    attempt = throttle.limit_link()
    consent = consent_links.consent_of_link(db(), token)
    if consent is None:
        return render_template("residents/consent.html", stage="gone", case=None), 404
    attempt.refund()
    return _page(token, *consent, stage="begin")


@bp.post("/consent/<token>/code")
@allow(PUBLIC)
def send_consent_code(token: str) -> Answer:
    """Mail a code to the address that was asked."""
    case, row = _locked(token)
    if _may_act(case, row):
        throttle.limit_mail(row.content["email"])
        consent_links.send_code(db(), case, row, token)
    return _page(token, case, row, stage="code")


@bp.post("/consent/<token>/open")
@allow(PUBLIC)
def open_consent(token: str) -> Answer:
    """Enter the code; the page that comes back shows the chosen answers and takes the decision."""
    case, row = _locked(token)
    form = ConsentCodeForm()
    attempt = throttle.limit_resident_code(row.content["email"])
    proof = consent_links.redeem_code(db(), row, form.code.data) if _may_act(case, row) else None
    if proof is None:
        form.code.errors = [_("コードが違うか、使えなくなっています。もう一度送ることもできます。")]
        return _page(token, case, row, stage="code", form=form), 422
    attempt.refund()
    if row.status == "agreed":
        return _page(token, case, row, stage="revoke", form=ConsentRevokingForm(formdata=None, proof=proof))
    return _page(token, case, row, stage="decide", form=ConsentAnswerForm(formdata=None, proof=proof))


@bp.post("/consent/<token>")
@allow(PUBLIC)
def answer_consent(token: str) -> Answer:
    """Agree, with a signature where one is asked for, or refuse with the reason."""
    case, row = _locked(token)
    form = ConsentAnswerForm()
    if not consent_links.is_open(case, row):
        return _page(token, case, row, stage="begin")
    if not consent_links.is_proved(row, form.proof.data):
        return _page(token, case, row, stage="begin"), 409
    if form.decision.data not in {"agree", "refuse"}:
        form.decision.errors = [_("どちらか1つを選んでください。")]
        return _page(token, case, row, stage="decide", form=form), 422
    rule = next((rule for rule in definition_of(db(), case.version_id).consents if rule.id == row.rule), None)
    try:
        consent_links.answer(
            db(),
            case,
            row,
            agrees=form.decision.data == "agree",
            needs_signature=rule is not None and rule.signature,
            signature={"name": form.signature.data, "strokes": form.strokes.data},
            reason=form.reason.data,
        )
    except Invalid as fault:
        form.show(fault)
        return _page(token, case, row, stage="decide", form=form), 422
    settle_consent(db(), case, row)
    return _page(token, case, row, stage="begin")


@bp.post("/consent/<token>/revoke")
@allow(PUBLIC)
def revoke_consent(token: str) -> Answer:
    """Take the agreement back, while the application is not decided. Pressing twice is no fault."""
    case, row = _locked(token)
    form = ConsentRevokingForm()
    if not _may_revoke(case, row):
        return _page(token, case, row, stage="begin"), 200 if row.status == "revoked" else 409
    if not consent_links.is_proved(row, form.proof.data):
        return _page(token, case, row, stage="begin"), 409
    consent_links.revoke(db(), case, row, reason=form.reason.data)
    settle_revoked_consent(db(), case, row)
    return _page(token, case, row, stage="begin")


@bp.post("/me/cases/<public_id>/consents/<int:consent_id>")
@allow(PUBLIC)
def ask_consent_again(public_id: str, consent_id: int) -> Response:
    """The applicant has the link mailed once more, to another address if they give one."""
    mine = visitor_access.case(db(), public_id, lock=True)
    form = ConsentAddressForm()
    throttle.limit_mail(form.email.data.strip() or f"consent {consent_id}")
    ask_consent_once_more(db(), mine, consent_id, visitor_access.actor(mine), email=form.email.data)
    return redirect(url_for("residents.case", public_id=public_id) + "#consents", 303)


def _locked(token: str) -> tuple[Case, CaseConsent]:
    throttle.limit_link().refund()
    consent = consent_links.consent_of_link(db(), token)
    locked = consent_links.lock_consent(db(), consent[0].id, consent[1].id) if consent else None
    if locked is None:
        raise NotFound
    return locked


def _may_revoke(case: Case, row: CaseConsent) -> bool:
    return consent_links.may_revoke(case, row, workflow_of(definition_of(db(), case.version_id)))


def _may_act(case: Case, row: CaseConsent) -> bool:
    """Whether there is anything to prove the address for: an answer, or taking one back."""
    return consent_links.is_open(case, row) or _may_revoke(case, row)


def _page(token: str, case: Case, row: CaseConsent, *, stage: str, form: Form | None = None) -> str:
    if isinstance(form, ConsentAnswerForm):
        form.decision.choices = [("agree", _("同意します"), {}), ("refuse", _("同意しません"), {})]
    definition = definition_of(db(), case.version_id)
    rule = next((rule for rule in definition.consents if rule.id == row.rule), None)
    revocable = _may_revoke(case, row)
    if row.status != "waiting" and not (revocable and stage in {"code", "revoke"}):
        stage = "answered"
    elif rule is None or not (revocable or consent_links.is_open(case, row)):
        stage = "over"
    return render_template(
        "residents/consent.html",
        stage=stage,
        token=token,
        case=case,
        definition=definition,
        rule=rule,
        consent=row,
        form=form or ConsentCodeForm(formdata=None),
        revocable=revocable,
        drawn=polylines(form.strokes.data) if isinstance(form, ConsentAnswerForm) else [],
    )
