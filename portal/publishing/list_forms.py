"""The fixed screens of shared lists."""

from flask_wtf.file import FileField
from wtforms import SelectField
from wtforms.validators import DataRequired, Length, Regexp

from portal.core.forms import Form, HiddenField, StringField, TextAreaField
from portal.publishing.forms import MAX_NOTE


class NewListForm(Form):
    """A new list: its key, its title and the department that keeps it."""

    title = StringField("名前", validators=[DataRequired("名前を入力してください。"), Length(max=60)])
    key = StringField(
        "キー",
        validators=[
            DataRequired("キーを入力してください。"),
            Regexp(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*\Z", message="半角の小文字・数字・ハイフンで入力してください。"),
            Length(max=60),
        ],
    )
    department = SelectField("担当の課", validators=[DataRequired("担当の課を選んでください。")])


class ListFileForm(Form):
    """A list as a file, or the number of one of its versions."""

    file = FileField("CSVファイル")
    number = HiddenField(validators=[Length(max=20)])


class ImportForm(Form):
    """The file that a preview showed, and the version with which it was compared."""

    content = HiddenField()
    seen = HiddenField(validators=[Length(max=20)])
    note = TextAreaField("変更の理由", validators=[Length(max=MAX_NOTE)])
