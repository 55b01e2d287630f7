"""How much of a case a member of staff sees: all of it, what concerns the site, or what concerns the payment.

Everybody who may see a case sees its number, procedure, state and the applicant's name. `case.read_answers` opens the rest;
`case.read_place` opens places, periods and what was said of the site; `payment.see` opens fees and payments.
"""

from dataclasses import dataclass

from forms import Definition
from forms.definition.procedure import group_fields
from forms.fields import FieldType
from forms.fields.file import Files
from forms.fields.text import TextField
from forms.workflow.stages import APPLICANT
from portal.cases.models import Case
from portal.cases.stage_forms import stage_file_field
from portal.core.access import StaffIdentity

_OF_A_PERSON = frozenset(
    {"person_name", "person_kana", "birthday", "phone", "email", "bank_account", "address", "signature"}
    | {"applicant", "proxy"}
)
_ITEMS_OF_A_PERSON = ("person.", "household.", "child.", "organization.", "move.")


@dataclass(frozen=True)
class Sight:
    """What somebody may see of the cases of one department."""

    answers: bool
    place: bool
    payments: bool

    def fields(self, definition: Definition) -> frozenset[str]:
        """The questions whose answers and files are shown."""
        if self.answers:
            return frozenset(definition.fields)
        return site_fields(definition) if self.place else frozenset()

    def stage_files(self, definition: Definition) -> frozenset[str]:
        """What files that staff added to the forms of stages name as their question, as far as they are shown."""
        if not (self.answers or self.place):
            return frozenset()
        return frozenset(
            stage_file_field(stage.id, question.id)
            for stage in definition.workflow.stages
            if stage.role != APPLICANT and stage.id in definition.stage_forms
            for question in definition.stage_forms[stage.id].fields.values()
            if isinstance(question, Files)
        )

    @property
    def tabs(self) -> tuple[str, ...]:
        """The parts of the drawer that hold anything for this person."""
        if self.answers:
            return ("content", "files", "messages", "history")
        return ("content", "files", "history") if self.place else ("content", "history")


def sight_of(staff: StaffIdentity, case: Case) -> Sight:
    """What this person may see of a case. Who was let in because their department is asked sees what they see in their own."""
    if staff.may("case.see", case.department_id):
        return sight_in(staff, case.department_id)
    own = [sight_in(staff, department_id) for department_id in staff.departments("case.see")]
    return Sight(answers=any(sight.answers for sight in own), place=any(sight.place for sight in own), payments=False)


def sight_in(staff: StaffIdentity, department_id: int) -> Sight:
    """What this person may see of the cases of a department."""
    answers = staff.may("case.read_answers", department_id)
    return Sight(
        answers=answers,
        place=answers or staff.may("case.read_place", department_id),
        payments=answers or staff.may("payment.see", department_id),
    )


def site_fields(definition: Definition) -> frozenset[str]:
    """The questions that concern the site: places and periods, and in a procedure that draws a place every step without a question
    about a person. A step that asks for one name, telephone or account is left out as a whole, but for its place and period.
    """
    fields = definition.fields
    places_and_periods = {key for key, field in fields.items() if field.is_place or field.type == "date_range"}
    shown = {key for key in places_and_periods if not fields[key].sensitive}
    if not definition.place_fields:
        return frozenset(shown)
    for step in definition.steps:
        if not any(_of_a_person(field) for field in step.fields):
            shown |= {field.id for field in step.fields}
    return frozenset(shown)


def _of_a_person(field: FieldType) -> bool:
    return (
        field.sensitive
        or field.type in _OF_A_PERSON
        or (isinstance(field, TextField) and field.format is not None)
        or (field.item or "").startswith(_ITEMS_OF_A_PERSON)
        or any(_of_a_person(inner) for inner in group_fields(field))
    )
