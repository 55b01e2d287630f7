"""`applicant`: who applies, a person or an organisation (法人・団体), with all that the office needs to know of them."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Literal

from pydantic import Field, JsonValue
from typing_extensions import override

from forms.fields.address import AddressField
from forms.fields.base import CelType, FieldType, ReadContext, Reading
from forms.fields.birthday import BirthdayField
from forms.fields.composite import KIND, CompositeField, part
from forms.fields.email import EmailField
from forms.fields.person_kana import PersonKanaField
from forms.fields.person_name import PersonNameField
from forms.fields.phone import PhoneField
from forms.fields.text import TextField
from forms.text.kana import to_katakana

PartyKind = Literal["person", "organization"]
Demand = Literal["required", "optional", "none"]
_OF_A_PLACE = ("prefecture", "city", "town")


class OrganizationKana(TextField):
    """The reading of an organisation's name: hiragana and half-width kana become katakana."""

    @override
    def parse(self, text: str, context: ReadContext) -> Reading:
        return Reading(to_katakana(text) or None)


class ApplicantField(CompositeField):
    """Who applies. `kinds` may be one or both; `corporate_number`, `birthday` and `email` say what is asked besides.

    Expressions see `<id>.is_organization`, its name, number and the parts of its address.
    """

    type: Literal["applicant"]
    kinds: tuple[PartyKind, ...] = Field(("person", "organization"), min_length=1, max_length=2)
    corporate_number: Demand = "optional"
    birthday: Demand = "none"
    email: Demand = "optional"

    @override
    def parts_of(self, kind: str) -> Sequence[FieldType]:
        return _parts_of(kind, self.corporate_number, self.birthday, self.email)

    @override
    def cel_types(self) -> dict[str, CelType]:
        texts: dict[str, CelType] = dict.fromkeys((KIND, "name", "corporate_number", *_OF_A_PLACE), "string")
        return {"is_organization": "bool", **texts}

    @override
    def cel_values(self, value: JsonValue, facts: Mapping[str, object]) -> dict[str, object]:
        kind = self.kind_of(value)
        if kind is None or not isinstance(value, dict):
            return {}
        address = value.get("address")
        place: Mapping[str, JsonValue] = address if isinstance(address, dict) else {}
        return {
            "is_organization": kind == "organization",
            KIND: kind,
            "name": self.name_of(value),
            "corporate_number": value.get("corporate_number") or "",
            **{name: place.get(name) or "" for name in _OF_A_PLACE},
        }

    def name_of(self, value: object) -> str:
        """The name under which the application goes: that of the organisation, else that of the person."""
        return self.part_text(value, "organization_name", "name")


@cache
def _parts_of(kind: str, corporate_number: Demand, birthday: Demand, email: Demand) -> Sequence[FieldType]:
    questions: list[FieldType]
    if kind == "organization":
        questions = [
            part(TextField, "organization_name", "part_organization_name", autocomplete="organization"),
            part(OrganizationKana, "organization_kana", "part_organization_kana", pattern="[ァ-ヺヽヾー・ A-Z0-9]+"),
            *_demanded(TextField, "corporate_number", corporate_number, format="corporate_number"),
            part(TextField, "representative_title", "part_representative_title", max_length=60),
            part(PersonNameField, "representative", "part_representative"),
            part(AddressField, "address", "part_organization_address"),
            part(PersonNameField, "contact", "part_contact_name", required=False),
        ]
    else:
        questions = [
            part(PersonNameField, "name", "part_person_name"),
            part(PersonKanaField, "kana", "part_person_kana"),
            *_demanded(BirthdayField, "birthday", birthday),
            part(AddressField, "address", "part_person_address"),
        ]
    return (*questions, part(PhoneField, "phone", "part_phone"), *_demanded(EmailField, "email", email))


def _demanded(cls: type[FieldType], part_id: str, demand: Demand, **settings: str) -> list[FieldType]:
    if demand == "none":
        return []
    return [part(cls, part_id, f"part_{part_id}", required=demand == "required", **settings)]
