"""Going on later: a link by e-mail that opens the application again on any device."""

from flask import render_template
from werkzeug.wrappers import Response

from portal.core.access import PUBLIC, allow, current_account
from portal.core.errors import Invalid
from portal.core.text import _, current_language
from portal.core.web import db
from portal.identity import normal_email, send_resume_link
from portal.residents.blueprint import bp
from portal.residents.draft_application import DraftApplication, open_application
from portal.residents.forms import LinkForm


@bp.get("/apply/d/<public_id>/later")
@allow(PUBLIC)
def later(public_id: str) -> str:
    """Offer the link."""
    account = current_account()
    return _page(open_application(db(), public_id), LinkForm(formdata=None, email=account.email if account else ""))


@bp.post("/apply/d/<public_id>/later")
@allow(PUBLIC)
def send_link(public_id: str) -> str | Response | tuple[str, int]:
    """Mail the link."""
    application = open_application(db(), public_id)
    form = LinkForm()
    try:
        if not form.validate():
            raise Invalid(_("メールアドレスを入力してください。"))
        address = normal_email(form.email.data)
    except Invalid as fault:
        form.email.errors = [fault.fields.get("email", fault.message)]
        return _page(application, form), 422
    send_resume_link(
        db(),
        draft=public_id,
        email=address,
        title=application.definition.title.for_language(current_language()),
        language=current_language(),
    )
    return _page(application, form, sent_to=address)


def _page(application: DraftApplication, form: LinkForm, *, sent_to: str | None = None) -> str:
    return render_template(
        "residents/later.html",
        application=application,
        definition=application.definition,
        form=form,
        sent_to=sent_to,
    )
