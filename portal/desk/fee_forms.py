"""The fixed screens about the fees of a case."""

from flask_wtf.file import FileField

from portal.core.forms import Form, HiddenField, RadioField, SelectField, StringField, TextAreaField
from portal.desk.forms import whole_number


class WaiverForm(Form):
    """What is waived of which charge (減免), why, and the proof: a file of the case, or one that is added."""

    charge = RadioField("減免する料金", choices=[])
    amount = StringField("減免する金額(円)", render_kw={"class": "input input--number", "inputmode": "numeric"})
    reason = TextAreaField("減免の理由(申請した人に伝えること)", render_kw={"rows": 3, "maxlength": 1000})
    proof = SelectField("根拠になる書類", choices=[])
    added = FileField("新しく添付する書類(PDF・画像など)")

    @property
    def yen(self) -> int:
        """The amount that was typed; 0, which nothing accepts, for text that is none."""
        return whole_number(self.amount.data.strip().replace(",", ""), digits=9) or 0


class WaiverDecisionForm(Form):
    """A word on a waiver: `act` is approve, reject or revoke."""

    act = HiddenField()


class SurveyForm(Form):
    """What was measured of a line (`line`: its `survey_key`), how, and the proof: a file of the case, or one that is added."""

    line = HiddenField()
    figure = StringField("実測した値", render_kw={"class": "input input--number", "inputmode": "decimal"})
    reason = TextAreaField("測った日と方法(職員の記録)", render_kw={"rows": 3, "maxlength": 1000})
    proof = SelectField("根拠になる書類", choices=[])
    added = FileField("新しく添付する書類(PDF・画像など)")


class SurveyDecisionForm(Form):
    """A word on a figure: `act` is approve or reject."""

    act = HiddenField()
