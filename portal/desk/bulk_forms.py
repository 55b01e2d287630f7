"""What is done with chosen cases: on whose desk or to which department they go, and what is written to their applicants."""

from sqlalchemy.orm import Session

from portal.cases.bulk import BulkAction, Chosen, Proposal, colleagues
from portal.cases.messages import MAX_MESSAGE
from portal.core.access import StaffIdentity
from portal.core.errors import Invalid
from portal.core.forms import CheckboxListField, Form, HiddenField, SelectField, TextAreaField
from portal.core.models import MAX_ID
from portal.core.text import _, pick
from portal.desk.forms import whole_number
from portal.identity import list_departments

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
    """`act` is assign, message, accept or transfer."""

    offered: dict[str, str]
    departments: dict[str, str]

    act = HiddenField()
    staff_id = SelectField("担当", choices=[])
    department = SelectField("移す先の課", choices=[])
    body = TextAreaField("申請した人全員に書くこと", render_kw={"rows": 6, "maxlength": MAX_MESSAGE})
    reason = TextAreaField("移す理由(申請した人全員に伝えること)", render_kw={"rows": 4, "maxlength": MAX_MESSAGE})

    def offer(self, people: dict[str, str], departments: dict[str, str]) -> None:
        """Offer these people and departments, by their ids as the form writes them."""
        self.offered = {NOBODY: _("担当なし(課にもどす)"), **people}
        self.departments = departments
        self.staff_id.choices = [("", _("選んでください")), *self.offered.items()]
        self.department.choices = [("", _("選んでください")), *departments.items()]

    def proposal(self) -> Proposal:
        """What is to be done. Raises Invalid when nothing that the page offers was chosen."""
        act = self.act.data
        if act == "assign":
            return Proposal(act, assignee=self._assignee())
        if act == "transfer":
            department = whole_number(self.department.data, digits=18)
            if department is None or self.department.data not in self.departments:
                sentence = _("移す先の課を選んでください。")
                raise Invalid(sentence, {"department": sentence})
            return Proposal(act, department=department, body=self.reason.data)
        return Proposal(act, body=self.body.data if act == "message" else "")

    def _assignee(self) -> int | None:
        if self.staff_id.data == NOBODY:
            return None
        if self.staff_id.data not in self.offered:
            sentence = _("担当にする人を選んでください。")
            raise Invalid(sentence, {"staff_id": sentence})
        return whole_number(self.staff_id.data, digits=18)

    @property
    def assignee_words(self) -> str:
        """Who is to have the cases, as the page calls them."""
        return self.offered.get(self.staff_id.data, "")

    @property
    def department_words(self) -> str:
        """The department that is to have them."""
        return self.departments.get(self.department.data, "")


def kept_form(row: BulkAction) -> BulkForm:
    """The form with what was written when somebody asked to read it once more."""
    assignee = NOBODY if row.assignee_id is None else str(row.assignee_id)
    return BulkForm(
        formdata=None,
        act=row.act or "",
        staff_id=assignee if row.act == "assign" else "",
        department=str(row.to_department or ""),
        body=row.body if row.act == "message" else "",
        reason=row.body if row.act == "transfer" else "",
    )


def offer_choices(session: Session, form: BulkForm, chosen: list[Chosen], staff: StaffIdentity) -> None:
    """Offer everybody who can have a case of one of the departments in which this person assigns, and every open department."""
    able: dict[int, str] = {}
    for department in sorted({row.department_id for row in chosen}):
        if staff.may("case.assign", department):
            able |= colleagues(session, department)
    people = sorted(able.items(), key=lambda person: (person[1], person[0]))
    departments = {str(department.id): pick(department.title, "ja") for department in list_departments(session)}
    form.offer({str(staff_id): name for staff_id, name in people}, departments)
