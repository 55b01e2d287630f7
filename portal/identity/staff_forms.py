"""The fixed screens of the staff's accounts."""

from wtforms.validators import EqualTo, InputRequired, Length

from portal.core.forms import CheckboxListField, Form, HiddenField, PasswordField, SelectField, StringField
from portal.identity.forms import CodeForm, EmailForm, half_width
from portal.identity.passwords import MAX_LENGTH


class StaffSignInForm(EmailForm):
    """Address and password of a member of staff."""

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
        filters=[half_width],
        validators=[
            InputRequired("管理者から受け取ったコードを入力してください。"),
            Length(max=100, message="コードが長すぎます。"),
        ],
    )


class RoleBoxes(Form):
    """The checked roles, `DEPARTMENT:ROLE`."""

    role = CheckboxListField("役割")


class ParticularsForm(EmailForm):
    """Name and address of a member of staff, and the account as the page showed it."""

    name = StringField(
        "名前",
        filters=[lambda text: " ".join(text.split())],
        validators=[InputRequired("名前を入力してください。"), Length(max=60, message="名前は、60文字までです。")],
    )
    shown = HiddenField()


class NewStaffForm(RoleBoxes, ParticularsForm):
    """A new colleague; `how` is invite when a link is to be mailed."""

    how = HiddenField()


class InvitationForm(Form):
    """How often the page said that the link was sent."""

    seen = HiddenField()


class SearchForm(Form):
    """What the list of the staff is narrowed to; it stands in the address."""

    class Meta(Form.Meta):
        """Sent by GET, which changes nothing."""

        csrf = False

    q = StringField("名前・メールアドレス", filters=[lambda text: text[:100].replace("\0", "")])
    state = SelectField("状態")
    department = SelectField("課")


class ResetForm(Form):
    """One step of giving up a lost authenticator."""

    step = HiddenField()
