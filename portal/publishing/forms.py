"""The fixed screens of publishing. Names in the editor carry a hyphen, which no question's id can have: both travel in one post."""

from flask_wtf.file import FileField
from wtforms import SelectField
from wtforms.validators import DataRequired, Length, Regexp

from forms.definition.source import MAX_BYTES
from portal.core.forms import Form, HiddenField, StringField, TextAreaField

MAX_SOURCE_LENGTH = MAX_BYTES
"""Characters of a definition: as many as the engine reads."""
MAX_NOTE = 1000
"""Characters of the reason for a version."""


class SourceForm(Form):
    """The definition as text, and the digest of the draft that the editor had open."""

    source = TextAreaField(
        "手続きの定義(YAML)",
        validators=[Length(max=MAX_SOURCE_LENGTH)],
        render_kw={
            "spellcheck": "false",
            "autocapitalize": "none",
            "autocomplete": "off",
            "wrap": "off",
        },
    )
    digest = HiddenField(validators=[Length(max=64)])


class OfferForm(Form):
    """The definition as text, and what a check offered to write into it."""

    source = TextAreaField("定義")
    offer = HiddenField()


class DigestForm(Form):
    """The digest of the draft that the page showed."""

    digest = HiddenField(validators=[Length(max=64)])


class UploadForm(DigestForm):
    """A definition as a file, to go on with as the draft."""

    file = FileField("定義のファイル(YAML、画像があるときはZIP)")


class PictureForm(Form):
    """A picture that the definition is to show."""

    file = FileField("画像のファイル(JPEG・PNG、2MBまで)")


class ClosingForm(Form):
    """Whether applications are taken no longer (`yes`), or again."""

    close = HiddenField()


def printable(text: str) -> str:
    """A text of one line, without the control characters that neither a page nor the database can hold."""
    return "".join(letter for letter in text if letter.isprintable())


class NewProcedureForm(Form):
    """A new procedure: its name in addresses, its department, and what it starts from."""

    key = StringField(
        "キー",
        validators=[
            DataRequired("手続きのキーを入力してください。"),
            Regexp(
                r"^[a-z][a-z0-9-]{1,60}\Z",
                message="半角の小文字・数字・ハイフンで入力してください(例：parking-permit)。",
            ),
        ],
        render_kw={"maxlength": 60, "autocapitalize": "none", "spellcheck": "false"},
    )
    title = StringField(
        "名前",
        validators=[DataRequired("手続きの名前を入力してください。"), Length(max=100)],
        filters=[printable],
        render_kw={"maxlength": 100},
    )
    department = SelectField("担当の課")
    base = SelectField("もとにする手続き")


class PublishForm(DigestForm):
    """Why it is published, for those who come after, from which day on, and the digest of the draft that was looked at."""

    note = TextAreaField("変更の理由", validators=[Length(max=MAX_NOTE)], render_kw={"rows": 3, "maxlength": MAX_NOTE})
    from_day = StringField("公開する日", render_kw={"type": "date"})


class PlannedForm(DigestForm):
    """What to do with a publication that waits: `confirm` it, or take it back."""

    act = HiddenField()


class SecondPersonForm(Form):
    """Whether somebody else than who asks for it has to publish."""

    needed = HiddenField()
