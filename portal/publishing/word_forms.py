"""The fixed screens of the city's shared words."""

from wtforms import SelectField
from wtforms.validators import DataRequired, Length

from portal.core.forms import Form, HiddenField, StringField, TextAreaField
from portal.publishing.forms import MAX_NOTE


class ChooseWordForm(Form):
    """Which word is to be written or changed."""

    kind = SelectField("種類")
    name = StringField("名前", validators=[DataRequired("名前を入力してください。"), Length(max=130)])


class WordForm(Form):
    """A word as text, with the state that the page showed."""

    kind = HiddenField(validators=[Length(max=10)])
    name = HiddenField(validators=[Length(max=130)])
    seen = HiddenField(validators=[Length(max=20)])
    department = SelectField("担当の課", validators=[DataRequired("担当の課を選んでください。")])
    content = TextAreaField("内容(YAML)", render_kw={"spellcheck": "false", "autocapitalize": "none", "rows": "14"})
    note = TextAreaField("変更の理由", validators=[Length(max=MAX_NOTE)])
