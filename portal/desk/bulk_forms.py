"""What is done with chosen cases: on whose desk they are put, or what is written to their applicants."""

from sqlalchemy.orm import Session

from portal.cases.bulk import BulkAction, Chosen, colleagues
from portal.cases.messages import MAX_MESSAGE
from portal.core.access import StaffIdentity
from portal.core.errors import Invalid
from portal.core.forms import CheckboxListField, Form, HiddenField, SelectField, TextAreaField
from portal.core.models import MAX_ID
from portal.core.text import _
from portal.desk.forms import whole_number

NOBODY = "nobody"


class ChoiceForm(Form):
    """The cases of the list that are chosen: `scope` is all, or those that are ticked."""

    scope = HiddenField()
    case = CheckboxListField("案件")

    @property
    def ticked(self) -> list[int]:
        """The ids that were ticked; text that is none is left out."""
        ids = (whole_number(text, digits=19) for text in self.case.data)
        return [each for each in ids if each and each <= MAX_ID]


class BulkForm(Form):
    """`act` is assign or message."""

    offered: dict[str, str]

    act = HiddenField()
    staff_id = SelectField("担当", choices=[])
    body = TextAreaField("申請した人全員に書くこと", render_kw={"rows": 6, "maxlength": MAX_MESSAGE})

    def offer(self, people: dict[str, str]) -> None:
        """Offer these people, by their ids as the form writes them."""
        self.offered = {NOBODY: _("担当なし(課にもどす)"), **people}
        self.staff_id.choices = [("", _("選んでください")), *self.offered.items()]

    @property
    def assignee(self) -> int | None:
        """Who is to have the cases, None for nobody. Raises Invalid when nothing that the page offers was chosen."""
        if self.act.data != "assign" or self.staff_id.data == NOBODY:
            return None
        if self.staff_id.data not in self.offered:
            sentence = _("担当にする人を選んでください。")
            raise Invalid(sentence, {"staff_id": sentence})
        return whole_number(self.staff_id.data, digits=18)

    @property
    def assignee_words(self) -> str:
        """Who is to have the cases, as the page calls them."""
        return self.offered.get(self.staff_id.data, "")


def kept_form(row: BulkAction) -> BulkForm:
    """The form with what was written when somebody asked to read it once more."""
    chosen = {"assign": NOBODY if row.assignee_id is None else str(row.assignee_id)}.get(row.act or "", "")
    return BulkForm(formdata=None, act=row.act or "", staff_id=chosen, body=row.body)


def offer_assignees(session: Session, form: BulkForm, chosen: list[Chosen], staff: StaffIdentity) -> None:
    """Offer everybody who can have a case of one of the departments in which this person assigns."""
    able: dict[int, str] = {}
    for department in sorted({row.department_id for row in chosen}):
        if staff.may("case.assign", department):
            able |= colleagues(session, department)
    people = sorted(able.items(), key=lambda person: (person[1], person[0]))
    form.offer({str(staff_id): name for staff_id, name in people})
