"""`proxy`: whether somebody applies for another (代理人), by law or with a mandate, and who that is."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Literal

from pydantic import Field, JsonValue
from typing_extensions import override

from forms.fields.address import AddressField
from forms.fields.applicant import Demand
from forms.fields.base import CelType, FieldType
from forms.fields.composite import KIND, CompositeField, part
from forms.fields.email import EmailField
from forms.fields.person_kana import PersonKanaField
from forms.fields.person_name import PersonNameField
from forms.fields.phone import PhoneField
from forms.fields.text import TextField

ProxyKind = Literal["self", "statutory", "voluntary"]


class ProxyField(CompositeField):
    """The applicant in person (本人), somebody who may act by law (法定代理人), or with a mandate (任意代理人).

    Expressions see `<id>.is_acting` when somebody acts for the applicant, and `<id>.is_voluntary` when that takes a mandate
    (委任状), which a question of files or a consent of others asks for.
    """

    type: Literal["proxy"]
    kinds: tuple[ProxyKind, ...] = Field(("self", "statutory", "voluntary"), min_length=2, max_length=3)
    email: Demand = "optional"

    @override
    def parts_of(self, kind: str) -> Sequence[FieldType]:
        return () if kind == "self" else _parts(self.email)

    @override
    def cel_types(self) -> dict[str, CelType]:
        return {KIND: "string", "is_acting": "bool", "is_voluntary": "bool", "name": "string"}

    @override
    def cel_values(self, value: JsonValue, facts: Mapping[str, object]) -> dict[str, object]:
        kind = self.kind_of(value)
        if kind is None:
            return {}
        acting = kind != "self"
        name = self.part_text(value, "name")
        return {KIND: kind, "is_acting": acting, "is_voluntary": kind == "voluntary", "name": name}

    def is_acting(self, value: object) -> bool:
        """Whether somebody acts for the applicant."""
        return self.kind_of(value) in ("statutory", "voluntary")


@cache
def _parts(email: Demand) -> Sequence[FieldType]:
    return (
        part(PersonNameField, "name", "part_proxy_name"),
        part(PersonKanaField, "kana", "part_person_kana"),
        part(TextField, "relation", "part_proxy_relation", max_length=60),
        part(TextField, "office", "part_proxy_office", required=False, max_length=100),
        part(AddressField, "address", "part_proxy_address"),
        part(PhoneField, "phone", "part_phone"),
        *([] if email == "none" else [part(EmailField, "email", "part_email", required=email == "required")]),
    )
