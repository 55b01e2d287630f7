"""The form class of every fixed screen: text comes from the posted texts, files from the posted files, and neither stands in for the other."""

from collections.abc import Iterable, Mapping
from typing import Any

import wtforms
from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import FileField

from portal.core.errors import Invalid
from portal.core.text import _


class StringField(wtforms.StringField):
    """A field of text, which is "" when the form is shown first or the field was not posted."""

    data: str

    def process_data(self, value: str | None) -> None:
        """Take the value that the form begins with."""
        self.data = value or ""


class PasswordField(StringField, wtforms.PasswordField):
    """Text that is not shown while it is typed, nor again afterwards."""


class HiddenField(StringField, wtforms.HiddenField):
    """Text that the page carries for the program."""


class TextAreaField(StringField, wtforms.TextAreaField):
    """Text of several lines."""


class SelectField(wtforms.SelectField):
    """A list to choose one option from; "" when nothing is chosen. Whether the choice is allowed is checked where it is acted on."""

    data: str

    def process_data(self, value: str | None) -> None:
        """Take the value that the form begins with."""
        self.data = value or ""

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        """Accept any text."""


class RadioField(SelectField, wtforms.RadioField):
    """The same as radio buttons. `note` in an option's attributes is a second line of its card."""


class CheckboxListField(wtforms.SelectMultipleField):
    """Checkboxes of one name: the values of those that are checked. Whether they are allowed is checked where they are acted on."""

    data: list[str]
    option_widget = wtforms.widgets.CheckboxInput()

    def process_data(self, value: Iterable[str] | None) -> None:
        """Take the values that the form begins with."""
        self.data = list(value or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the posted values; none posted is none checked."""
        self.data = list(valuelist)

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        """Accept any texts."""


class UploadsField(wtforms.MultipleFileField):
    """Several files of one name; those that were chosen, in their order."""

    @property
    def chosen(self) -> list[FileStorage]:
        """The files that have a name: a browser sends an empty one where none was chosen."""
        return [file for file in self.data or () if isinstance(file, FileStorage) and file.filename]


class Form(FlaskForm):  # type: ignore[misc] # flask_wtf has no types
    """A WTForms form of this request.

    Flask-WTF merges `request.files` into the posted texts, so a file part under the name of a text field would reach filters
    and validators that expect a string. Here such a part is left out: the field counts as not answered. NUL, which nobody types and no
    database takes, is left out of every text.
    """

    class Meta(FlaskForm.Meta):  # type: ignore[misc] # flask_wtf has no types
        """How the posted data reaches the fields."""

        def wrap_formdata(self, form: "Form", formdata: Any) -> Any:
            """The request's own data; what was given explicitly (`formdata=None`) stays."""
            if formdata is None or hasattr(formdata, "getlist"):
                return formdata
            if not form.is_submitted():
                return None
            file_names = {field.name for field in form if isinstance(field, FileField)}
            given = request.form.items(multi=True)
            texts = [(name, text.replace("\0", "")) for name, text in given if name not in file_names]
            return MultiDict([*texts, *(part for part in request.files.items(multi=True) if part[0] in file_names)])

    def show(self, refused: Invalid) -> None:
        """Put what a rule refused beside the fields that it names."""
        for name, sentence in refused.fields.items():
            if name in self:
                self[name].errors = [sentence]

    def show_more(self, faults: Mapping[str, str]) -> None:
        """Put what rules find wrong besides beside the fields that are not faulted yet."""
        for name, fault in faults.items():
            if name in self and not self[name].errors:
                self[name].errors = [fault]

    @property
    def summary(self) -> list[tuple[str, str]]:
        """The first fault of each field as (id of the input, sentence), for the summary above the form."""
        return [(field.id, _(str(field.errors[0]))) for field in self if field.errors]
