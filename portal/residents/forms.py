"""The fixed screens of residents. Questions of procedures are read by `forms` (see decision 0008)."""

from collections.abc import Sequence

from flask_wtf.file import FileField
from wtforms.validators import InputRequired, Length

from forms.fields.place import MAX_CONTEST
from portal.cases.messages import MAX_MESSAGE
from portal.core.forms import CheckboxListField, Form, HiddenField, RadioField, StringField, TextAreaField, UploadsField
from portal.files import ACCEPT

MAX_NOTE = 1000  # characters
#: Of a number that the database can hold.
_MOST_DIGITS = 18


class PaymentMethodForm(Form):
    """How a fee that is due when an application is sent will be paid."""

    method = RadioField("支払い方法を選ぶ")
    absent: Sequence[str] = ()
    """Sentences that say why a method of the city is not offered."""


class BasketForm(PaymentMethodForm):
    """Which fees are paid together (ids of charges), the total that the page showed, and whether it is only worked out again (`recount`)
    or paid by somebody else (`share`).
    """

    charge = CheckboxListField("支払う料金を選ぶ")
    total = HiddenField()
    recount = HiddenField()
    share = HiddenField()


class PaymentLinkForm(Form):
    """For which fees somebody else is asked to pay (ids of charges)."""

    charge = CheckboxListField("支払う料金を選ぶ")


class PayerForm(PaymentMethodForm):
    """How somebody pays for somebody else, the sum that the page showed, where to confirm it, and whether a voucher of theirs is given up (`yes`)."""

    total = HiddenField()
    restart = HiddenField()
    email = StringField(
        "支払いの確認を受け取るメールアドレス",
        filters=[lambda text: text.strip()[:254]],
        render_kw={"type": "email", "autocomplete": "email", "inputmode": "email"},
    )


class TogetherForm(Form):
    """Which procedures of a plan are applied for together, by their keys. `press` is another on each page: pressing twice begins once."""

    procedure = CheckboxListField("まとめて申請する手続き")
    press = HiddenField()


class KeepForm(Form):
    """Which answers of a sent application are kept for next time, by their items; `every` is the button for all of them."""

    item = CheckboxListField("残す項目を選ぶ")
    every = HiddenField()


class VerifyForm(Form):
    """Which issued document is checked: its number, and the check code that only who has it knows."""

    number = StringField(
        "文書番号", filters=[lambda text: text.strip()[:40]], render_kw={"autocomplete": "off", "maxlength": 40}
    )
    code = StringField(
        "確認コード", filters=[lambda text: text.strip()[:40]], render_kw={"autocomplete": "off", "maxlength": 40}
    )


class VerifyFileForm(Form):
    """The file of an issued document, to be compared."""

    file = FileField("書類のファイル(PDF)", render_kw={"accept": "application/pdf,.pdf"})


class MessageForm(Form):
    """A message to the office; what it may hold is for `cases.messages` to say."""

    body = TextAreaField("{department}に書く", render_kw={"rows": 4, "maxlength": MAX_MESSAGE})
    files = UploadsField("添付するファイル", render_kw={"multiple": True, "accept": ACCEPT})


class MapObjectionForm(Form):
    """Saying that the map is wrong: about what of which place, and how."""

    field = HiddenField()
    subject = HiddenField()
    words = TextAreaField("どこがどうちがいますか", render_kw={"rows": 3, "maxlength": MAX_CONTEST})


class WithdrawForm(Form):
    """Taking an application back: why, and the case as the page showed it."""

    note = TextAreaField("理由", filters=[lambda text: text[:MAX_NOTE]], render_kw={"rows": 3, "maxlength": MAX_NOTE})
    seen = HiddenField()


class WithdrawTogetherForm(WithdrawForm):
    """Taking several applications of a bundle back: which ones."""

    chosen = CheckboxListField("取り下げる手続きを選ぶ")


class LotteryOfferForm(Form):
    """Whether somebody takes what came free after a lottery: the button that was pressed, and the offer that it stood beside."""

    answer = HiddenField()
    offer = HiddenField()

    @property
    def offer_id(self) -> int:
        """The number of the offer; 0, which no offer has, for anything else."""
        written = self.offer.data or ""
        return int(written) if written.isascii() and written.isdigit() and len(written) <= _MOST_DIGITS else 0


class StatusForm(Form):
    """The receipt number of an application, and what only its applicant has."""

    number = StringField(
        "受付番号",
        filters=[lambda text: text.strip()[:40]],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    proof = StringField(
        "メールアドレス、または確認番号",
        filters=[lambda text: text.strip()[:254]],
        render_kw={"autocomplete": "email", "spellcheck": "false"},
    )


class RowsTableForm(Form):
    """A table of rows, pasted or in a file; the same text is checked first, and taken (`take`) when it was seen."""

    table = TextAreaField("表", render_kw={"rows": 12, "spellcheck": "false", "wrap": "off"})
    file = FileField("表のファイル")
    keep = HiddenField()
    take = HiddenField()


class LinkForm(Form):
    """Where to send the link that opens an application again."""

    email = StringField(
        "メールアドレス",
        filters=[str.strip],
        validators=[InputRequired(), Length(max=254)],
        render_kw={"type": "email", "autocomplete": "email", "inputmode": "email"},
    )


class ConsentCodeForm(Form):
    """The code that proves the address of somebody whose consent is asked for."""

    code = StringField("コード", filters=[lambda text: text.strip()[:12]])


class ConsentAnswerForm(Form):
    """Their answer; `proof` is what the page got for the right code."""

    proof = HiddenField()
    decision = RadioField("返事")
    signature = StringField("お名前(署名)", filters=[lambda text: text[:200]], render_kw={"autocomplete": "name"})
    strokes = HiddenField()
    reason = TextAreaField(
        "同意しない理由", filters=[lambda text: text[:MAX_NOTE]], render_kw={"rows": 3, "maxlength": MAX_NOTE}
    )


class ConsentRevokingForm(Form):
    """Taking an agreement back; `proof` as above."""

    proof = HiddenField()
    reason = TextAreaField(
        "取り消す理由(書かなくてもかまいません)",
        filters=[lambda text: text[:MAX_NOTE]],
        render_kw={"rows": 3, "maxlength": MAX_NOTE},
    )


class ConsentAddressForm(Form):
    """Another address of somebody whose consent is asked for."""

    email = StringField(
        "別のメールアドレス",
        filters=[lambda text: text.strip()[:254]],
        render_kw={"type": "email", "autocomplete": "off", "inputmode": "email"},
    )


class CheckCodeForm(Form):
    """The digits on the receipt."""

    code = StringField(
        "確認番号",
        validators=[
            InputRequired("確認番号を入力してください。"),
            Length(max=40, message="確認番号は、8けたの数字で入力してください。"),
        ],
        render_kw={"autocomplete": "off", "inputmode": "numeric", "spellcheck": "false"},
    )
