"""The fixed screens of card companies' files."""

from flask_wtf.file import FileField
from wtforms import Field

from portal.core.forms import Form, HiddenField, SelectField, StringField, TextAreaField
from portal.tills import CARD_COLUMNS


class CardStatementForm(Form):
    """A file of a company."""

    file = FileField("明細のファイル")
    company = StringField("カード会社", render_kw={"maxlength": 40, "list": "companies", "autocomplete": "off"})


class CardColumnsForm(Form):
    """What the headings of a company's files mean."""

    slip_number = StringField("伝票番号の列")
    day = StringField("利用日の列")
    gross = StringField("売上金額の列")
    fee = StringField("手数料の列")
    net = StringField("差引金額の列")
    brand = StringField("カードの種類の列")
    kind = StringField("売上か返品かの列")
    paid_on = StringField("支払日の列")

    @property
    def columns(self) -> dict[str, str]:
        """The heading of each column that was named."""
        return {name: self[name].data for name in CARD_COLUMNS if self[name].data}

    @property
    def fields(self) -> list[Field]:
        """The columns in the order in which they are named."""
        return [field for field in self if field.name in CARD_COLUMNS]


class CardTakingForm(Form):
    """Booking a file as it was looked at; `act` is look, take or drop, `seen` what was looked at."""

    act = HiddenField()
    seen = HiddenField()
    paid_on = StringField("入金された日", render_kw={"type": "date"})
    reason = TextAreaField("ちがいの理由", render_kw={"rows": 2, "maxlength": 500})


class CardDifferenceForm(Form):
    """Why a line differs, or the payment that its money is for; `act` is explain or assign."""

    act = HiddenField()
    entry = SelectField("レジの記録", choices=[])
    reason = TextAreaField("ちがいの理由", render_kw={"rows": 2, "maxlength": 500})
