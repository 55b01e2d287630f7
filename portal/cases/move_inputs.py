"""What the actor gives with a move of a case's workflow, and what of it is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from forms import Move
from portal.cases.effects import CORRECTION_REQUESTED, REFUND_REQUESTED
from portal.cases.fees import refund_faults
from portal.cases.staff_withdrawals import request_faults
from portal.core.clock import today
from portal.core.errors import Conflict, Invalid
from portal.core.text import _, date_ja

PAID_BACK, PAID_KEPT = "back", "kept"
"""What becomes of the money that was paid for a decision which is put aside."""


@dataclass(frozen=True)
class MoveInputs:
    """What the actor gives with a move.

    `note` goes to the applicant, `internal_note` stays with the office; `fields` are the questions to correct, to be answered by
    `answer_by`; `conditions` what the decision demands, one a text. `granted` is what was typed of each question where only a part is granted,
    None where everything is, `not_granted` the reason for the rest, see `partial_grants`. `refund_parts` are the yen to give back by charge
    where the move refunds, everything without it. `asked_by` and `asked_how` say on whose word the office withdraws, see
    `staff_withdrawals`; `paid` whether money goes back where a decision is put aside (`PAID_BACK`, `PAID_KEPT`). `form_answers` are those to the
    form of the stage that the move passes, `form_files` the ids of the files among them, `form_key` that of a device which sends them again
    when it hears nothing.
    """

    note: str = ""
    internal_note: str = ""
    fields: tuple[str, ...] = ()
    answer_by: date | None = None
    conditions: tuple[str, ...] = ()
    granted: Mapping[str, Sequence[str]] | None = None
    not_granted: str = ""
    refund_parts: Mapping[int, int] | None = None
    asked_by: str = ""
    asked_how: str = ""
    paid: str = ""
    form_answers: Mapping[str, Any] | None = None
    form_files: tuple[str, ...] = ()
    form_key: str | None = None

    @property
    def keeps_paid(self) -> bool:
        """Whether the money that was paid stays with the city although the move could give it back."""
        return self.paid == PAID_KEPT


NO_INPUTS: Final = MoveInputs()


def check_inputs(move: Move, inputs: MoveInputs, refundable: Mapping[int, int], latest: date | None) -> None:
    """Raise Invalid with a sentence for each input to fix; `refundable` are yen by charge, `latest` is the last day of an answer."""
    asks = move.event == CORRECTION_REQUESTED
    faults: dict[str, str] = {}
    if asks and not inputs.note and not inputs.fields:
        faults["fields"] = _("直してほしい項目を選ぶか、伝えることを書いてください。")
    if asks and inputs.answer_by is not None and inputs.answer_by <= today():
        faults["answer_by"] = _("回答の期限は、明日よりあとの日にしてください。")
    if asks and inputs.answer_by is not None and latest is not None and inputs.answer_by > latest:
        faults["answer_by"] = _(
            "回答の期限は、{day}までにしてください。申請した人が選んだ日に間に合いません。", day=date_ja(latest)
        )
    if "note" in move.needs and not inputs.note:
        faults["note"] = _("申請した人に伝える理由を書いてください。")
    if "internal_note" in move.needs and not inputs.internal_note:
        faults["internal_note"] = _("確かめたことや理由を、職員のメモに書いてください。")
    if "request" in move.needs:
        faults |= request_faults(inputs.asked_by, inputs.asked_how, inputs.note)
    if move.corrects and "refund" in move.causes and refundable and inputs.paid not in (PAID_BACK, PAID_KEPT):
        faults["paid"] = "支払い済みの料金を返すかどうかを選んでください。"
    if move.event == REFUND_REQUESTED and inputs.refund_parts is None:
        faults["amounts"] = _("返す料金を選ぶか、返す金額を入力してください。")
    if inputs.refund_parts is not None and "refund" in move.causes:
        if not refundable:
            raise Conflict(_("返金できる支払いがありません。"))
        if not inputs.refund_parts:
            faults["amounts"] = _("返す料金を選ぶか、返す金額を入力してください。")
        faults |= refund_faults(inputs.refund_parts, refundable)
    if faults:
        raise Invalid(next(iter(faults.values())), faults)
