"""Taking an application in for somebody who telephones, comes or sends a paper: how it came is written down, then the residents' own form is filled in."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField

from portal.cases import Draft, intakes
from portal.core.access import allow, right, staff_member
from portal.core.clock import today
from portal.core.errors import Invalid
from portal.core.forms import Form, RadioField, SelectField, StringField
from portal.core.text import pick
from portal.core.web import db
from portal.desk.rejected_action import RejectedAction, try_action
from portal.files import Upload
from portal.identity import list_departments
from portal.identity.web_session import remember_draft
from portal.procedures import Offer, offers

bp = Blueprint("desk_intakes", __name__, url_prefix="/desk/intakes")


class IntakeForm(Form):
    """What somebody asks for, how they came, who they are, and of a paper the day on which it came in and its scan."""

    procedure = SelectField("手続き", choices=[])
    channel = RadioField("届いた方法", choices=[])
    name = StringField("申し出た人の名前", render_kw={"maxlength": intakes.MAX_NAME, "autocomplete": "off"})
    contact = StringField("連絡先(電話番号など)", render_kw={"maxlength": intakes.MAX_CONTACT, "autocomplete": "off"})
    received_on = StringField("紙が届いた日", render_kw={"type": "date"})
    scan = FileField("読み取った紙(PDF・画像)")

    def intake(self) -> intakes.Intake:
        """What was written. Raises Invalid (field `received_on`) for a day that is none."""
        day = self.received_on.data if self.channel.data != "phone" else ""
        try:
            received_on = date.fromisoformat(day) if day else None
        except ValueError as error:
            sentence = "紙が届いた日は、日付で入力してください。"
            raise Invalid(sentence, {"received_on": sentence}) from error
        return intakes.Intake(self.channel.data, self.name.data, self.contact.data, received_on)

    @property
    def upload(self) -> Upload | None:
        """The scan of the paper."""
        file = self.scan.data
        return Upload(file.filename or "", file.stream) if file else None


@bp.get("")
@allow(right("case.take_in"))
def ask() -> str:
    """Where it is written down how an application came; with those that this person has not sent yet."""
    return _page(IntakeForm(formdata=None, received_on=today().isoformat()))


@bp.post("")
@allow(right("case.take_in"))
def begin() -> ResponseReturnValue:
    """Begin the application, and go to the first page of its form."""
    form = IntakeForm()
    begun: list[Draft] = []

    def act() -> None:
        offer = next((offer for offer in _possible() if offer.key == form.procedure.data), None)
        if offer is None:
            sentence = "手続きを選んでください。"
            raise Invalid(sentence, {"procedure": sentence})
        begin_intake = partial(intakes.begin_intake, db(), offer, form.intake(), staff_member())
        begun.append(begin_intake(form.upload))

    rejected = try_action(db(), "intake", act, form)
    if rejected:
        return _page(form, rejected), rejected.status
    return _go_on(begun[0].public_id)


@bp.post("/<public_id>")
@allow(right("case.take_in"))
def go_on(public_id: str) -> ResponseReturnValue:
    """Go on with one that this person began, on whichever computer."""
    draft = intakes.open_intake(db(), staff_member().id, public_id)
    return _go_on(draft.public_id)


def _go_on(public_id: str) -> ResponseReturnValue:
    remember_draft(public_id)
    return redirect(f"/drafts/{public_id}", 303)


def _possible() -> Sequence[Offer]:
    """The procedures with a form that needs no earlier case, of the departments in their order."""
    order = {department.id: place for place, department in enumerate(list_departments(db()))}
    able = [offer for offer in offers(db()) if offer.definition.has_form and offer.definition.based_on is None]
    return sorted(able, key=lambda offer: (order.get(offer.department_id, len(order)), offer.key))


def _page(form: IntakeForm, rejected: RejectedAction | None = None) -> str:
    possible = _possible()
    titles = {offer.key: offer.definition.title.for_language("ja") for offer in possible}
    departments = {department.id: pick(department.title, "ja") for department in list_departments(db())}
    named = [(offer.key, f"{titles[offer.key]}({departments[offer.department_id]})") for offer in possible]
    form.channel.choices = list(intakes.CHANNELS.items())
    form.procedure.choices = [("", "選んでください"), *named]
    return render_template(
        "desk/intakes.html",
        form=form,
        rejected=rejected,
        waiting=[(draft, intakes.intake_of(draft)) for draft in intakes.open_intakes(db(), staff_member().id)],
        titles=titles,
    )
