"""The fixed screens of a till."""

import unicodedata
from datetime import date

from portal.core.forms import CheckboxListField, Form, HiddenField, RadioField, SelectField, StringField, TextAreaField
from portal.desk.ledger_forms import day_of
from portal.tills import BRANDS, DENOMINATIONS, CardSlip, Handed

_NUMBER = {"class": "input input--number", "inputmode": "numeric", "autocomplete": "off"}
_DIGITS = 9


BRAND_TITLES = dict(
    zip(BRANDS, ("VISA", "Mastercard", "JCB", "American Express", "Diners Club", "そのほか"), strict=True)
)
"""What the brands of cards are called."""
CARD_OUTCOMES = {
    "matches": ("記録と合っています", "入金を記録します。"),
    "amount": ("金額がちがいます", "こちらの記録の入金とし、差額は仮勘定に残します。"),
    "unknown": (
        "こちらに記録がありません",
        "金額は仮勘定に残します。レジの記録もれなら、レジに記録したあとで、その記録の入金にできます。",
    ),
    "settled": ("前に入金を記録しています", "同じ売上が、もう一度入金されます。金額は仮勘定に残します。"),
    "reversed": ("こちらで取り消した記録です", "取り消したのに入金されます。金額は仮勘定に残します。"),
    "twice": ("明細に2回あります", "2回目の金額は、仮勘定に残します。"),
    "canceled": ("両方で取り消しています", "差引0円です。何も残りません。"),
    "missing": (
        "明細にありません",
        "こちらの記録は、入金を待つままです。次の明細で入金されれば、ちがいは無くなります。",
    ),
}
"""What a line of a card company's file is, and what happens to it."""


class TillForm(Form):
    """A till, set up or changed; `act` is add, change or retire."""

    act = HiddenField()
    department = SelectField("課")
    title = StringField("レジの名前", render_kw={"maxlength": 40})
    confirmed_above = StringField("別の人が確認する過不足(円を超えたとき)", render_kw=_NUMBER)


class OpeningForm(Form):
    """Opening a till with a float."""

    float_amount = StringField("釣銭準備金(円)", render_kw=_NUMBER)


class TakingForm(Form):
    """Money for chosen charges: their ids, the total that the page showed, how it is paid, and what was handed over."""

    q = HiddenField()
    charge = CheckboxListField("受け取る料金")
    total = HiddenField()
    token = HiddenField()
    method = RadioField("支払い方法", choices=[])
    tendered = StringField("預かった金額(円)", render_kw=_NUMBER)
    slip_number = StringField(
        "カード端末の伝票番号", render_kw={"class": "input input--number", "maxlength": 20, "autocomplete": "off"}
    )
    brand = SelectField("カードの種類", choices=[])

    @property
    def handed(self) -> Handed:
        """How it is paid."""
        slip = CardSlip(unicodedata.normalize("NFKC", self.slip_number.data or "").strip(), self.brand.data or "")
        return Handed(self.method.data, number_of(self.tendered.data), slip)


WAYS = (("cash", "現金", "お釣りを計算します"), ("card_reader", "カード", "カード端末で支払いが済んでから記録します"))
"""Ways to pay at a till, each with what people call it and what it means for the cashier."""


class ReversalForm(Form):
    """Why an entry was wrong."""

    reason = TextAreaField("取り消す理由", render_kw={"rows": 2, "maxlength": 500})


class CountForm(Form):
    """The count sheet (金種表): an input for each denomination, and why there is a difference."""

    expected = HiddenField()
    reason = TextAreaField("過不足の理由", render_kw={"rows": 2, "maxlength": 500})

    @property
    def pieces(self) -> dict[int, int | None]:
        """How many of each denomination were typed; None for text that is no number, nothing typed is none of it."""
        typed = {denomination: self[f"pieces-{denomination}"].data.strip() for denomination in DENOMINATIONS}
        return {denomination: number_of(text) if text else 0 for denomination, text in typed.items()}


for _denomination in DENOMINATIONS:
    setattr(CountForm, f"pieces-{_denomination}", StringField(f"{_denomination:,}円", render_kw=_NUMBER))


class ConfirmationForm(Form):
    """What a second person makes of a difference; `act` is confirm or again."""

    act = HiddenField()


class BankingForm(Form):
    """Shifts whose money was brought to the bank, when, and the number of the paying-in slip."""

    shifts = CheckboxListField("払い込むレジ")
    banked_on = StringField("払い込んだ日", render_kw={"type": "date"})
    slip_number = StringField("払込書の番号", render_kw={"maxlength": 40})

    @property
    def day(self) -> date | None:
        """The day that was typed; None for text that is none."""
        return day_of(self.banked_on.data)


class SettlementForm(Form):
    """What the statement of the card company says, for which entries."""

    entries = CheckboxListField("入金されたカードの記録")
    company = StringField("カード会社", render_kw={"maxlength": 40})
    paid_on = StringField("入金された日", render_kw={"type": "date"})
    gross = StringField("売上の合計(円)", render_kw=_NUMBER)
    fee = StringField("手数料(円)", render_kw=_NUMBER)
    reason = TextAreaField("記録の合計と違う理由", render_kw={"rows": 2, "maxlength": 500})


def number_of(text: str) -> int | None:
    """The whole number that was typed, in full or half width and with or without 「,」 and 「円」; None for any other text."""
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("円").replace(",", "").strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= _DIGITS else None
