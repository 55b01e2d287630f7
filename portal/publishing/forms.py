"""The fixed screens of publishing. Names in the editor carry a hyphen, which no question's id can have: both travel in one post."""

from flask_wtf.file import FileField
from wtforms import SelectField
from wtforms.validators import DataRequired, Length, Regexp

from forms.definition.source import MAX_BYTES
from portal.core.forms import Form, HiddenField, StringField, TextAreaField

MAX_SOURCE_LENGTH = MAX_BYTES
"""Characters of a definition: as many as the engine reads."""


class SourceForm(Form):
    """The definition as text, and the digest of the draft that the editor had open."""

    source = TextAreaField("定義", validators=[Length(max=MAX_SOURCE_LENGTH)])
    digest = HiddenField(validators=[Length(max=64)])


class UploadForm(Form):
    """A definition as a file, to go on with as the draft."""

    file = FileField("ファイル")
    digest = HiddenField(validators=[Length(max=64)])


def printable(text: str) -> str:
    """A text of one line, without the control characters that neither a page nor the database can hold."""
    return "".join(letter for letter in text if letter.isprintable())


class NewProcedureForm(Form):
    """A new procedure: its name in addresses, its department, and what it starts from."""

    key = StringField(
        "手続きのキー",
        validators=[
            DataRequired("手続きのキーを入力してください。"),
            Regexp(
                r"^[a-z][a-z0-9-]{1,60}\Z",
                message="半角の小文字・数字・ハイフンで入力してください(例: parking-permit)。",
            ),
        ],
    )
    title = StringField(
        "名前", validators=[DataRequired("手続きの名前を入力してください。"), Length(max=100)], filters=[printable]
    )
    department = SelectField("担当の課")
    base = SelectField("もとにする手続き")


class PublishForm(Form):
    """Why it is published, for those who come after, and the digest of the draft that was looked at."""

    note = TextAreaField("変更の理由", validators=[Length(max=1000)])
    digest = HiddenField(validators=[Length(max=64)])
