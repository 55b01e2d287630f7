"""Every field type that a group may contain, as a union discriminated by `type`."""

from typing import Annotated

from pydantic import Field

from forms.fields.address import AddressField
from forms.fields.applicant import ApplicantField
from forms.fields.appointment import AppointmentField
from forms.fields.bank_account import BankAccountField
from forms.fields.birthday import BirthdayField
from forms.fields.choice import ChoiceField
from forms.fields.choices import ChoicesField
from forms.fields.consent import ConsentField
from forms.fields.date import DateField
from forms.fields.date_range import DateRangeField
from forms.fields.email import EmailField
from forms.fields.file import FileField
from forms.fields.integer import IntegerField
from forms.fields.line import LineField
from forms.fields.long_text import LongTextField
from forms.fields.matrix import MatrixField
from forms.fields.money import MoneyField
from forms.fields.number import NumberField
from forms.fields.person_kana import PersonKanaField
from forms.fields.person_name import PersonNameField
from forms.fields.phone import PhoneField
from forms.fields.photo import PhotoField
from forms.fields.point import PointField
from forms.fields.polygon import PolygonField
from forms.fields.proxy import ProxyField
from forms.fields.quantities import QuantitiesField
from forms.fields.ranking import RankingField
from forms.fields.signature import SignatureField
from forms.fields.statement import StatementField
from forms.fields.text import TextField
from forms.fields.time import TimeField
from forms.fields.yes_no import YesNoField

SimpleField = Annotated[
    TextField
    | LongTextField
    | IntegerField
    | NumberField
    | MoneyField
    | DateField
    | DateRangeField
    | TimeField
    | AppointmentField
    | ChoiceField
    | ChoicesField
    | RankingField
    | QuantitiesField
    | MatrixField
    | YesNoField
    | PersonNameField
    | PersonKanaField
    | BirthdayField
    | AddressField
    | PhoneField
    | EmailField
    | FileField
    | PhotoField
    | PointField
    | LineField
    | PolygonField
    | SignatureField
    | BankAccountField
    | ApplicantField
    | ProxyField
    | ConsentField
    | StatementField,
    Field(discriminator="type"),
]
