"""Going on later: a link by e-mail that opens the application again on any device."""

from flask import render_template
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Length

from portal.core.access import PUBLIC, allow, current_account
from portal.core.errors import Invalid
from portal.core.forms import Form, StringField
from portal.core.text import _, current_language
from portal.core.web import db
from portal.identity.addresses import normal_email
from portal.identity.links import send_resume_link
from portal.residents.blueprint import bp
from portal.residents.draft_application import open_application


class LinkForm(Form):
    """Where to send the link."""

    email = StringField(validators=[InputRequired(), Length(max=254)])


@bp.get("/apply/d/<public_id>/later")
@allow(PUBLIC)
def later(public_id: str) -> str:
    """Offer the link."""
    account = current_account()
    return _page(public_id, email=account.email if account else "")


@bp.post("/apply/d/<public_id>/later")
@allow(PUBLIC)
def send_link(public_id: str) -> str | Response | tuple[str, int]:
    """Mail the link."""
    application = open_application(db(), public_id)
    form = LinkForm()
    typed = form.email.data.strip()
    try:
        if not form.validate():
            raise Invalid(_("メールアドレスを入力してください。"))
        address = normal_email(typed)
    except Invalid as fault:
        return _page(public_id, email=typed, fault=fault.fields.get("email", fault.message)), 422
    send_resume_link(
        db(),
        draft=public_id,
        email=address,
        title=application.definition.title.for_language(current_language()),
        language=current_language(),
    )
    return _page(public_id, email=address, sent=True)


def _page(public_id: str, *, email: str, fault: str | None = None, sent: bool = False) -> str:
    application = open_application(db(), public_id)
    return render_template(
        "residents/later.html",
        application=application,
        definition=application.definition,
        draft=application.draft,
        email=email,
        fault=fault,
        sent=sent,
    )
