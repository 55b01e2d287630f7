"""Who applies and who acts for them: read from a question of the type `applicant`, or from the shared items of a person.

Where somebody acts for the applicant (代理人), the office writes to them and calls them; the case goes by the applicant's name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from forms import Definition
from forms.fields import FieldType, GroupField
from forms.fields.applicant import ApplicantField
from forms.fields.composite import CompositeField
from forms.fields.group import rows_of
from forms.fields.proxy import ProxyField
from portal.cases.rules import answer_with_item, item_text
from portal.core.text import _

_Composite = TypeVar("_Composite", bound=CompositeField)
_ITEM_OF_PART: Mapping[str, str] = {
    "name": "person.name",
    "kana": "person.kana",
    "birthday": "person.birthday",
    "address": "person.address",
    "phone": "person.phone",
    "email": "person.email",
}


@dataclass(frozen=True)
class Proxy:
    """Somebody who acts for the applicant, as texts; `kind` is `statutory` or `voluntary`."""

    kind: str
    name: str
    relation: str
    office: str


@dataclass(frozen=True)
class JointApplicant:
    """Somebody who applies together with the representative (連名), as texts."""

    name: str
    address: str
    phone: str
    email: str


@dataclass(frozen=True)
class Parties:
    """The applicant's name and address, and where the office reaches whoever handles the application. Of several applicants that is
    the representative (代表者); `others` are the rest, in their order.
    """

    name: str
    address: str
    phone: str
    email: str | None
    representative: str
    proxy: Proxy | None
    others: tuple[JointApplicant, ...] = ()

    @property
    def names(self) -> str:
        """The applicant's name, and how many apply with them: 「山田 太郎 ほか1名」."""
        return _("{name} ほか{count}名", name=self.name, count=len(self.others)) if self.others else self.name

    @property
    def all_names(self) -> tuple[str, ...]:
        """The name of everybody who applies, the representative's first."""
        return (self.name, *(other.name for other in self.others))


def parties_of(definition: Definition, answers: Mapping[str, Any]) -> Parties:
    """Read the parties of an application from its answers."""
    joint = joint_applicants(definition, answers)
    applicant = joint[0] if joint else next(_answered(definition, answers, ApplicantField), None)
    proxy = next((pair for pair in _answered(definition, answers, ProxyField) if pair[0].is_acting(pair[1])), None)
    email = answer_with_item(definition, answers, "person.email")
    parties = Parties(
        name=item_text(definition, answers, "person.name"),
        address=item_text(definition, answers, "person.address"),
        phone=item_text(definition, answers, "person.phone"),
        email=str(email) if email else None,
        representative="",
        proxy=None,
    )
    if applicant:
        field, value = applicant
        title, person = field.part_text(value, "representative_title"), field.part_text(value, "representative")
        parties = Parties(
            name=field.name_of(value),
            address=field.part_text(value, "address"),
            phone=field.part_text(value, "phone"),
            email=value.get("email") or parties.email,
            representative=" ".join(part for part in (title, person) if part),
            proxy=None,
            others=tuple(_joint(question, answer) for question, answer in joint[1:]),
        )
    return _through(proxy, parties) if proxy else parties


def _through(proxy: tuple[ProxyField, Any], parties: Parties) -> Parties:
    field, value = proxy
    texts = {part: field.part_text(value, part) for part in ("name", "relation", "office", "phone")}
    return Parties(
        name=parties.name,
        address=parties.address,
        phone=texts["phone"] or parties.phone,
        email=value.get("email") or parties.email,
        representative=parties.representative,
        proxy=Proxy(field.kind_of(value) or "", texts["name"], texts["relation"], texts["office"]),
        others=parties.others,
    )


def joint_applicants(definition: Definition, answers: Mapping[str, Any]) -> list[tuple[ApplicantField, Any]]:
    """Those who apply together with the question that asked for each, the representative first; empty for a procedure of one applicant."""
    for group, question in joint_questions(definition):
        rows = rows_of(answers.get(group.id))
        first = group.representative_of(rows)
        order = sorted(range(len(rows)), key=lambda number: (number != first, number))
        return [(question, rows[number][question.id]) for number in order if rows[number].get(question.id)]
    return []


def joint_questions(definition: Definition) -> Iterator[tuple[GroupField, ApplicantField]]:
    """The group whose rows are the people who apply together, with the question of a row for who it is."""
    for group in definition.fields.values():
        if isinstance(group, GroupField) and group.applicants is not None:
            question = next(field for field in group.fields if field.id == group.applicants.who)
            if isinstance(question, ApplicantField):
                yield group, question


def _joint(field: ApplicantField, value: Any) -> JointApplicant:
    return JointApplicant(
        field.name_of(value),
        field.part_text(value, "address"),
        field.part_text(value, "phone"),
        value.get("email") or "",
    )


def item_answers(question: FieldType, value: Any) -> Iterator[tuple[FieldType, str, Any]]:
    """Return what a question of a person among the applicants says of the shared items: part, item, answer."""
    if isinstance(question, ApplicantField) and question.kind_of(value) == "person":
        for part, answer in question.answered(value):
            if part.id in _ITEM_OF_PART:
                yield part, _ITEM_OF_PART[part.id], answer


def applicant_from_items(question: ApplicantField, by_item: Mapping[str, Any]) -> Any:
    """Return a person as the answer to `question`, made of answers to shared items; None where some are missing."""
    if "person" not in question.kinds_offered:
        return None
    parts = question.parts_of("person")
    given = {part.id: by_item[item] for part in parts if (item := _ITEM_OF_PART.get(part.id, "")) in by_item}
    return {"kind": "person", **given} if all(part.id in given for part in parts if part.required) else None


def _answered(
    definition: Definition, answers: Mapping[str, Any], kind: type[_Composite]
) -> Iterator[tuple[_Composite, Any]]:
    for field_id, field in definition.fields.items():
        if isinstance(field, kind) and field_id in answers:
            yield field, answers[field_id]
