"""The fixed screens of the desk. What a text may hold is for the capability to say that keeps it; these know names, kinds and limits."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import wtforms

from forms.fields import FieldType
from portal.cases import notes
from portal.cases.holds import MAX_HOLD_REASON
from portal.cases.messages import MAX_MESSAGE
from portal.cases.moves import ASKED_BY, ASKED_HOW, PAID_BACK, PAID_KEPT, MoveInputs
from portal.core.errors import Invalid
from portal.core.forms import (
    CheckboxListField,
    Form,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    UploadsField,
)
from portal.core.text import _
from portal.files import ACCEPT
from portal.payments import MAX_NOTE_LENGTH as MAX_PAYMENT_NOTE
from portal.payouts import Consignor


class MoveForm(Form):
    """A decision on a case, with what goes out and what stays; `seen` is the case as the page showed it."""

    move = HiddenField()
    seen = HiddenField()
    note = TextAreaField("申請した人に伝えること", render_kw={"rows": 4, "maxlength": MAX_MESSAGE})
    internal_note = TextAreaField("職員のメモ", render_kw={"rows": 4, "maxlength": notes.MAX_NOTE})
    fields = CheckboxListField("直してほしい項目")
    answer_by = StringField("回答の期限", render_kw={"type": "date"})
    conditions = TextAreaField("条件(1行に1つ)", render_kw={"rows": 4})
    partly = wtforms.BooleanField("一部だけ認める")
    not_granted = TextAreaField(
        "認めない部分の理由(申請した人に伝わります)", render_kw={"rows": 3, "maxlength": MAX_MESSAGE}
    )
    asked_by = RadioField("だれの申出か", choices=[])
    asked_how = RadioField("どうやって申し出たか", choices=[])
    paid = RadioField("支払い済みの料金", choices=[])

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.asked_by.choices = [(key, _(words)) for key, words in ASKED_BY.items()]
        self.asked_how.choices = [(key, _(words)) for key, words in ASKED_HOW.items()]
        self.paid.choices = [(PAID_BACK, _("返す")), (PAID_KEPT, _("返さない"))]

    def inputs(self) -> MoveInputs:
        """What was typed, for the move. Raises Invalid for a day that is none."""
        return MoveInputs(
            note=self.note.data,
            internal_note=self.internal_note.data,
            fields=tuple(self.fields.data),
            answer_by=_day(self.answer_by.data),
            conditions=tuple(self.conditions.data.splitlines()),
            granted=self._granted() if self.partly.data else None,
            not_granted=self.not_granted.data,
            asked_by=self.asked_by.data,
            asked_how=self.asked_how.data,
            paid=self.paid.data,
        )

    @classmethod
    def of_parts(
        cls, parts: Iterable[tuple[FieldType, Any]], typed: Mapping[str, Sequence[str]] | None
    ) -> "type[MoveForm]":
        """The form with what may be granted of each question, from `granted-` and its id on; `typed` stands in place of the whole."""
        fields: dict[str, Any] = {}
        for question, requested in parts:
            name, given = f"granted-{question.id}", (typed or {}).get(question.id)
            if question.type == "date_range":
                days = given or (requested["start"], requested["end"])
                for part, day, words in zip(("start", "end"), days, ("認める初日", "認める最終日"), strict=True):
                    fields[f"{name}-{part}"] = StringField(words, default=day, render_kw={"type": "date"})
            elif question.type in ("group", "choices"):
                numbers = given if given is not None else [str(number) for number in range(len(requested))]
                rows = [(str(number), question.show([part], "ja")) for number, part in enumerate(requested)]
                fields[name] = CheckboxListField(question.label_in("ja"), default=numbers, choices=rows)
            else:
                whole = f"{requested:,}" if isinstance(requested, int) else str(requested)
                fields[name] = StringField(question.label_in("ja"), default=given[0] if given else whole)
        return type(cls.__name__, (cls,), fields)

    def _granted(self) -> dict[str, tuple[str, ...]]:
        """What was typed of each question, by its id."""
        typed: dict[str, tuple[str, ...]] = {}
        for field in self:
            question = field.name.removeprefix("granted-")
            if question == field.name:
                continue
            if isinstance(field, CheckboxListField):
                typed[question] = tuple(field.data)
            else:
                question = question.removesuffix("-start").removesuffix("-end")
                typed[question] = (*typed.get(question, ()), field.data)
        return typed


class CityRoleForm(Form):
    """A role of the city's own; `seen` is its number as the page showed it."""

    key = StringField("キー", filters=[str.strip])
    title = StringField("名前")
    scope = RadioField("つけるところ")
    rights = CheckboxListField("権限")
    seen = HiddenField()

    @property
    def city_wide(self) -> bool:
        """Whether it is held in all departments at once."""
        return self.scope.data == "city"

    @property
    def seen_number(self) -> int:
        """The number that the page showed; 0 for text that is none."""
        return whole_number(self.seen.data, digits=9) or 0


class ReductionForm(Form):
    """A word on a reduction of a fee: `line` is its number in the fee, `seen` the case as the page showed it."""

    line = HiddenField()
    seen = HiddenField()
    decision = HiddenField()
    reason = TextAreaField("申請した人に伝えること", render_kw={"rows": 2, "maxlength": MAX_MESSAGE})
    note = TextAreaField("職員のメモ", render_kw={"rows": 2, "maxlength": notes.MAX_NOTE})

    @property
    def number(self) -> int:
        """The line; one that is not there for text that is no number."""
        number = whole_number(self.line.data, digits=3)
        return -1 if number is None else number


class ChangeForm(Form):
    """A word on a change that was corrected in another case of the bundle: whether it is taken over; `seen` is the case as shown."""

    offer = HiddenField()
    seen = HiddenField()
    decision = HiddenField()
    reason = TextAreaField("入れない理由(申請した人に伝わります)", render_kw={"rows": 2, "maxlength": MAX_MESSAGE})

    @property
    def offer_id(self) -> int:
        """The id of the offer; one that is not there for text that is no number."""
        return whole_number(self.offer.data, digits=18) or -1


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        sentence = _("回答の期限は、日付で入力してください。")
        raise Invalid(sentence, {"answer_by": sentence}) from error


def whole_number(text: str, *, digits: int) -> int | None:
    """The number that at most so many ASCII digits write; None for any other text."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


class PayoutForm(Form):
    """A word on money that the city pays; `act` is decide, confirm, return or retry."""

    act = HiddenField()
    seen = HiddenField()
    amount = StringField(
        "交付額(円)", render_kw={"class": "input input--number", "inputmode": "numeric", "pattern": "[0-9]*"}
    )
    reason = TextAreaField("減らす理由(申請した人に伝えること)", render_kw={"rows": 2, "maxlength": MAX_MESSAGE})

    @property
    def yen(self) -> int:
        """The amount that was typed. Raises Invalid for text that is none."""
        number = whole_number(self.amount.data.strip(), digits=9)
        if number is None:
            sentence = _("金額は、数字で入力してください。")
            raise Invalid(sentence, {"amount": sentence})
        return number


class TransferForm(Form):
    """Chosen payouts, and the day of their transfer."""

    payouts = CheckboxListField("支払い")
    transfer_on = StringField("振込の日", render_kw={"type": "date"})

    @property
    def day(self) -> date:
        """The day that was typed. Raises Invalid for text that is none."""
        try:
            return date.fromisoformat(self.transfer_on.data)
        except ValueError as error:
            sentence = _("振込の日を入力してください。")
            raise Invalid(sentence, {"transfer_on": sentence}) from error


class ConsignorForm(Form):
    """The account of the city from which transfers are made."""

    code = StringField("委託者コード(10けた)", render_kw={"inputmode": "numeric", "maxlength": 10})
    name = StringField("振込依頼人の名前(カナ)", render_kw={"maxlength": 40})
    bank_code = StringField("金融機関コード(4けた)", render_kw={"inputmode": "numeric", "maxlength": 4})
    bank_name = StringField("金融機関の名前(カナ)", render_kw={"maxlength": 15})
    branch_code = StringField("支店コード(3けた)", render_kw={"inputmode": "numeric", "maxlength": 3})
    branch_name = StringField("支店の名前(カナ)", render_kw={"maxlength": 15})
    number = StringField("普通預金の口座番号(7けた)", render_kw={"inputmode": "numeric", "maxlength": 7})

    def consignor(self) -> Consignor:
        """The account as it was typed."""
        names = ("code", "name", "bank_code", "bank_name", "branch_code", "branch_name", "number")
        return Consignor(**{name: self[name].data.strip() for name in names}, kind="ordinary")


class DecisionForm(Form):
    """Taking back a decision that waits, or carrying it out at once."""

    decision = HiddenField()

    @property
    def decision_id(self) -> int:
        """The decision that the page showed; 0, which none has, for anything that no page held."""
        return whole_number(self.decision.data, digits=18) or 0


class SignOffForm(DecisionForm):
    """Signing a decision off, or with `act` return giving it back; `seen` is the case as the page showed it."""

    act = HiddenField()
    seen = HiddenField()
    remark = TextAreaField("申し送り(職員だけが見ます)", render_kw={"rows": 3, "maxlength": notes.MAX_NOTE})


class MessageForm(Form):
    """A message to the applicant."""

    body = TextAreaField("申請した人に書く", render_kw={"rows": 4, "maxlength": MAX_MESSAGE})
    files = UploadsField("添付するファイル", render_kw={"multiple": True, "accept": ACCEPT})


class NoteForm(Form):
    """A note for colleagues."""

    note_body = TextAreaField("メモを書く", render_kw={"rows": 3, "maxlength": notes.MAX_NOTE})


class AssigneeForm(Form):
    """On whose desk the case is put, on whose it was when the page was opened, and of whose absence the page has warned."""

    staff_id = SelectField("担当")
    seen_assignee = HiddenField()
    warned_of = HiddenField()

    @property
    def chosen(self) -> int | None:
        """Who was chosen: None for nobody, and 0, who does not exist, for text that no page offers."""
        return (whole_number(self.staff_id.data, digits=18) or 0) if self.staff_id.data else None

    @property
    def despite_absence(self) -> bool:
        """Whether the page has said that the one who is chosen is away."""
        return self.warned_of.data == self.staff_id.data

    @property
    def seen(self) -> int | None:
        """On whose desk the page showed it, None for nobody's. Without the field, or with text that no page holds, 0: that is nobody's id."""
        if not self.seen_assignee.raw_data:
            return 0
        return (whole_number(self.seen_assignee.data, digits=18) or 0) if self.seen_assignee.data else None


class CaseTransferForm(Form):
    """To which department a case goes and why; `seen` is the case as the page showed it."""

    seen = HiddenField()
    department = SelectField("移す先の課", choices=[])
    reason = TextAreaField("移す理由(申請した人に伝えること)", render_kw={"rows": 4, "maxlength": MAX_MESSAGE})

    @property
    def department_id(self) -> int:
        """The department that was chosen; 0, which none has, for text that no page offers."""
        return whole_number(self.department.data, digits=18) or 0


class HoldForm(Form):
    """Keeping a case beyond its time, or ending that."""

    act = HiddenField()
    reason = TextAreaField("理由", render_kw={"rows": 3, "maxlength": MAX_HOLD_REASON})


class IssuedDocumentForm(Form):
    """Issuing a document of a decision once more, or revoking it."""

    act = HiddenField()
    reason = TextAreaField(
        "理由", filters=[lambda text: text[:MAX_HOLD_REASON]], render_kw={"rows": 2, "maxlength": MAX_HOLD_REASON}
    )


class RefundByLineForm(Form):
    """Which charges are given back whole, and why, for the applicant; `of_charges` adds a field for a part of each."""

    seen = HiddenField()
    whole = CheckboxListField("全額を返す料金")
    note = TextAreaField("返金の理由(申請した人に伝えること)", render_kw={"rows": 3, "maxlength": MAX_MESSAGE})

    @classmethod
    def of_charges(cls, charge_ids: Iterable[int]) -> "type[RefundByLineForm]":
        """The form with a field for the yen of each charge, `amount-` and its id."""
        return type(
            cls.__name__, (cls,), {f"amount-{charge_id}": StringField("一部を返す(円)") for charge_id in charge_ids}
        )

    def typed(self, charge_id: int) -> str:
        """The yen of a charge as they were typed; "" for a charge that the form does not ask for."""
        name = f"amount-{charge_id}"
        return self[name].data.strip().replace(",", "") if name in self else ""


class MethodSettingsForm(Form):
    """The methods that are on, and what goes back by itself (automatic or decided); `act` is look or save, `seen` the version shown."""

    act = HiddenField()
    seen = HiddenField()
    methods = CheckboxListField("支払い方法")
    duplicates = RadioField("2回支払われたお金", choices=[])
    surplus = RadioField("多く支払われたお金", choices=[])


class DemandForm(Form):
    """Overdue payments that are demanded, each as the ids of its case and its order; `act` is look or issue."""

    act = HiddenField()
    payments = CheckboxListField("督促する料金")


class AccountForm(Form):
    """The bank account that a failed refund is transferred to, or sent again; `act` is transfer, retry, confirm or return."""

    act = HiddenField()
    bank_code = StringField("金融機関コード(4けた)", render_kw={"inputmode": "numeric", "maxlength": 4})
    bank_name = StringField("金融機関の名前(カナ)", render_kw={"maxlength": 15})
    branch_code = StringField("支店コード(3けた)", render_kw={"inputmode": "numeric", "maxlength": 3})
    branch_name = StringField("支店の名前(カナ)", render_kw={"maxlength": 15})
    kind = SelectField("口座の種類", choices=[])
    number = StringField("口座番号(7けた)", render_kw={"inputmode": "numeric", "maxlength": 7})
    holder = StringField("口座名義(カナ)", render_kw={"maxlength": 30})

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.kind.choices = [("ordinary", _("普通")), ("checking", _("当座")), ("savings", _("貯蓄"))]

    def account(self) -> dict[str, str]:
        """The account as it was typed."""
        names = ("bank_code", "bank_name", "branch_code", "branch_name", "kind", "number", "holder")
        return {name: self[name].data.strip() for name in names}


class RefundForm(Form):
    """The second person's word on a refund."""

    decision = HiddenField()
    note = StringField("承認しないときの理由(市役所の中だけで見るメモ)", render_kw={"maxlength": MAX_PAYMENT_NOTE})


class ReviewForm(Form):
    """A decision about money under review; `version` is the payment as the page showed it."""

    decision = HiddenField()
    version = HiddenField()
    note = TextAreaField("理由(市役所の中だけで見るメモ)", render_kw={"rows": 3, "maxlength": MAX_PAYMENT_NOTE})


class BlockForm(Form):
    """A time at which no appointments are given."""

    day = HiddenField()
    resource = SelectField("予約するもの", choices=[])
    start = StringField("始まりの時刻", render_kw={"type": "time"})
    end = StringField("終わりの時刻", render_kw={"type": "time"})


class DrawForm(Form):
    """The lottery to draw."""

    procedure = HiddenField()
    rule = HiddenField()
    edition = HiddenField()
