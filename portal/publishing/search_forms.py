"""The fixed screens of the words of the search."""

from wtforms.validators import DataRequired, Length

from portal.core.forms import Form, HiddenField, TextAreaField

_MAX_TEXT = 2000


class SynonymForm(Form):
    """A group of words that people use for each other."""

    id = HiddenField(validators=[Length(max=20)])
    words = TextAreaField(
        "同じ意味の言葉",
        validators=[
            DataRequired("言葉を入力してください。"),
            Length(max=_MAX_TEXT, message="2,000字までにしてください。"),
        ],
        render_kw={"rows": "3"},
    )

    def group(self) -> list[str]:
        """The words, as they were parted by 、 or lines."""
        return [word for line in self.words.data.splitlines() for word in line.replace(",", "、").split("、")]


class ForgetForm(Form):
    """What is taken from a list."""

    id = HiddenField(validators=[Length(max=20)])
    words = HiddenField(validators=[Length(max=100)])
