"""The fixed screens of signing in."""

from wtforms.validators import InputRequired, Length, Regexp

from portal.core.forms import Form, StringField
from writing.folding import ADDRESS_LINE, CODE


def half_width(text: str) -> str:
    """An address or a code in the half-width letters that it is compared in."""
    return ADDRESS_LINE(text)


def _digits(text: str) -> str:
    return "".join(character for character in CODE(text) if not character.isspace() and character != "-")


class EmailForm(Form):
    """A resident's address, to send a code to."""

    email = StringField(
        "メールアドレス",
        render_kw={"type": "email"},
        filters=[half_width],
        validators=[
            InputRequired("メールアドレスを入力してください。"),
            Length(max=254, message="メールアドレスが長すぎます。"),
        ],
    )


class CodeForm(Form):
    """Six digits, from a mail or from an authenticator app; full width and spaces are taken too."""

    code = StringField(
        "6けたのコード",
        filters=[_digits],
        validators=[
            InputRequired("コードを入力してください。"),
            Regexp(r"\A[0-9]{6}\Z", message="コードは、6けたの数字で入力してください。"),
        ],
    )
