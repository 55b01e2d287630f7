"""The fixed screens of the accounts department (会計課)."""

from datetime import date

from flask_wtf.file import FileField

from portal.core.clock import today
from portal.core.errors import Invalid
from portal.core.forms import Form, HiddenField, StringField, TextAreaField
from portal.core.text import _


class ClosingForm(Form):
    """Close a day (`until`) or a month (`month`); `period` says which."""

    period = HiddenField()
    until = StringField("締める日", render_kw={"type": "date"})
    month = StringField("締める月", render_kw={"type": "month"})

    @property
    def day(self) -> date:
        """The day, or the first of the month, that was typed. Raises Invalid for text that is none."""
        name, text = ("month", f"{self.month.data}-01") if self.period.data == "month" else ("until", self.until.data)
        day = day_of(text)
        if day is None:
            sentence = _("締める日か月を選んでください。")
            raise Invalid(sentence, {name: sentence})
        return day


class ReopeningForm(Form):
    """Ask to open a closing, take that back, or open it as the second person; `act` is ask, withdraw or open."""

    act = HiddenField()
    reason = TextAreaField("締めを開ける理由", render_kw={"rows": 2, "maxlength": 500})


class CodeForm(Form):
    """The code of a fee in a fiscal year."""

    procedure = HiddenField()
    fee = HiddenField()
    year = HiddenField()
    code = StringField("款-項-目-節", render_kw={"maxlength": 20, "placeholder": "14-2-1-1"})
    title = StringField("予算書の名前", render_kw={"maxlength": 100})


class DifferenceForm(Form):
    """Why a difference is right as it is."""

    explanation = TextAreaField("ちがいの理由", render_kw={"rows": 2, "maxlength": 1000})


class StatementForm(Form):
    """A bank statement as a file."""

    file = FileField("入出金明細のファイル")
    account = StringField("口座の呼び名", render_kw={"maxlength": 60})


class ColumnsForm(Form):
    """What the headings of a CSV mean, and whether its lines are taken in; `act` is look, take or drop."""

    act = HiddenField()
    day = StringField("日付の列")
    deposit = StringField("入金の列")
    withdrawal = StringField("出金の列")
    description = StringField("摘要の列")
    reference = StringField("番号の列")

    @property
    def columns(self) -> dict[str, str]:
        """The heading of each column that was named."""
        names = ("day", "deposit", "withdrawal", "description", "reference")
        return {name: self[name].data for name in names if self[name].data}


def day_of(text: str) -> date | None:
    """A day between 2000 and today, from a query or a form; None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date(2000, 1, 1) <= day <= date(today().year + 1, 12, 31) else None


class SlipFileForm(Form):
    """A file of paid slips."""

    file = FileField("収納データのファイル")


class SlipColumnsForm(Form):
    """What the headings of a CSV of paid slips mean, and whether its lines are taken in; `act` is look, take or drop."""

    act = HiddenField()
    reference = StringField("納付番号の列")
    day = StringField("納付日の列")
    amount = StringField("金額の列")
    institution = StringField("収納機関の列")
    serial = StringField("取引番号の列")

    @property
    def columns(self) -> dict[str, str]:
        """The heading of each column that was named."""
        names = ("reference", "day", "amount", "institution", "serial")
        return {name: self[name].data for name in names if self[name].data}


class AssignmentForm(Form):
    """The number of the slip that money which is held belongs to."""

    reference = StringField("正しい納付番号", render_kw={"maxlength": 20, "inputmode": "numeric"})
