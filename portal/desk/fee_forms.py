"""The fixed screens about the fees of a case."""

from collections.abc import Iterable

from flask_wtf.file import FileField

from portal.core.forms import Form, HiddenField, RadioField, SelectField, StringField, TextAreaField
from portal.core.text import _
from portal.desk.forms import whole_number
from portal.files import Accepted, StoredFile, Upload, inspect_upload


class ProofForm(Form):
    """The proof of what is entered: a file of the case, or one that is added."""

    proof = SelectField("根拠になる書類", choices=[])
    added = FileField("新しく添付する書類(PDF・画像など)")

    @property
    def inspected(self) -> Accepted | None:
        """The file that was added. Raises Invalid (field `added`)."""
        upload = self.added.data
        return inspect_upload("added", Upload(upload.filename or "", upload.stream)) if upload else None

    def offer(self, files: Iterable[StoredFile]) -> None:
        """Let the proof be chosen of these files."""
        self.proof.choices = [("", _("下で添付する")), *((file.public_id, file.name) for file in files)]


class WaiverForm(ProofForm):
    """What is waived of which charge (減免), why, and the proof."""

    charge = RadioField("減免する料金", choices=[])
    amount = StringField("減免する金額(円)", render_kw={"class": "input input--number", "inputmode": "numeric"})
    reason = TextAreaField("減免の理由(申請した人に伝えること)", render_kw={"rows": 3, "maxlength": 1000})

    @property
    def yen(self) -> int:
        """The amount that was typed; 0, which nothing accepts, for text that is none."""
        return whole_number(self.amount.data.strip().replace(",", ""), digits=9) or 0


class SurveyForm(ProofForm):
    """What was measured of a line (`line`: its `survey_key`), how, and the proof."""

    line = HiddenField()
    figure = StringField("実測した値", render_kw={"class": "input input--number", "inputmode": "decimal"})
    reason = TextAreaField("測った日と方法(職員の記録)", render_kw={"rows": 3, "maxlength": 1000})


class DecisionForm(Form):
    """A word on a waiver or a figure: `act` is approve or reject, of a waiver also revoke."""

    act = HiddenField()
