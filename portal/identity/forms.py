"""The fixed screens of signing in."""

from wtforms.validators import EqualTo, InputRequired, Length, Regexp

from portal.core.forms import Form, PasswordField, StringField
from portal.core.text import _
from portal.identity.passwords import MAX_LENGTH
from writing.folding import ADDRESS_LINE, CODE


def _half_width(text: str) -> str:
    return ADDRESS_LINE(text)


def _digits(text: str) -> str:
    return "".join(character for character in CODE(text) if not character.isspace() and character != "-")


class EmailForm(Form):
    """A resident's address, to send a code to."""

    email = StringField(
        "メールアドレス",
        filters=[_half_width],
        validators=[
            InputRequired("メールアドレスを入力してください。"),
            Length(max=254, message="メールアドレスが長すぎます。"),
        ],
    )


class CodeForm(Form):
    """Six digits, from a mail or from an authenticator app; full width and spaces are taken too."""

    code = StringField(
        "コード",
        filters=[_digits],
        validators=[
            InputRequired("コードを入力してください。"),
            Regexp(r"\A[0-9]{6}\Z", message="コードは、6けたの数字で入力してください。"),
        ],
    )


class StaffSignInForm(Form):
    """Address and password of a member of staff."""

    email = StringField(
        "メールアドレス",
        filters=[_half_width],
        validators=[
            InputRequired("メールアドレスを入力してください。"),
            Length(max=254, message="メールアドレスが長すぎます。"),
        ],
    )
    password = PasswordField(
        "パスワード",
        validators=[
            InputRequired("パスワードを入力してください。"),
            Length(max=MAX_LENGTH, message=f"パスワードは、{MAX_LENGTH}文字までです。"),
        ],
    )


class StaffPasswordForm(Form):
    """Another password of a member of staff; the new one twice, because nobody sees what is typed."""

    current = PasswordField(
        "いまのパスワード",
        validators=[
            InputRequired("いまのパスワードを入力してください。"),
            Length(max=MAX_LENGTH, message=f"パスワードは、{MAX_LENGTH}文字までです。"),
        ],
    )
    password = PasswordField("新しいパスワード", validators=[InputRequired("新しいパスワードを入力してください。")])
    again = PasswordField(
        "新しいパスワード(もう一度)",
        validators=[EqualTo("password", "新しいパスワードと同じものを、もう一度入力してください。")],
    )


class FirstPasswordForm(Form):
    """The first own password, twice."""

    password = PasswordField("新しいパスワード", validators=[InputRequired("新しいパスワードを入力してください。")])
    again = PasswordField(
        "新しいパスワード(もう一度)",
        validators=[EqualTo("password", "新しいパスワードと同じものを、もう一度入力してください。")],
    )


class EnrolForm(CodeForm):
    """A new authenticator: the code that was handed over, and the first one that the app shows."""

    one_time = StringField(
        "管理者から受け取ったコード",
        filters=[_half_width],
        validators=[
            InputRequired("管理者から受け取ったコードを入力してください。"),
            Length(max=100, message="コードが長すぎます。"),
        ],
    )


class NewStaffForm(EmailForm):
    """A new colleague."""

    name = StringField(
        "名前",
        filters=[lambda text: " ".join(text.split())],
        validators=[InputRequired("名前を入力してください。"), Length(max=60, message="名前は、60文字までです。")],
    )


def faults(form: Form) -> list[tuple[str, str]]:
    """The first fault of each field as (id of the input, sentence), for the summary above the form."""
    return [(name, _(str(sentences[0]))) for name, sentences in form.errors.items() if name and sentences]
