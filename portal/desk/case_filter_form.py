"""The filter of the desk's list and its search box as forms of an address: what they hold is read by `case_filter_arguments`."""

from collections.abc import Mapping

from werkzeug.datastructures import MultiDict

from common.status import STATUS_WORDS
from portal.cases import filterable_questions
from portal.cases.channels import CHANNEL_WORDS
from portal.core.forms import CheckboxListField, Form, HiddenField, SelectField, StringField
from portal.core.text import _
from portal.desk.case_filter_arguments import named_statuses
from portal.payments import MONEY_STATES
from portal.procedures import Offer

_DAY = {"type": "date"}


class CaseFilterForm(Form):
    """Procedures, statuses and days to choose, with what else the address filters by."""

    procedure = CheckboxListField("手続き")
    status = CheckboxListField("状態")
    answer = CheckboxListField("答え")
    assignee = SelectField("担当", choices=[])
    money = CheckboxListField("料金", choices=[])
    correction = CheckboxListField("補正の回答", choices=[])
    channel = CheckboxListField("受け付けた方法", choices=[])
    conflict = CheckboxListField("ほかの案件との重なり", choices=[])
    due_first = StringField("この日から", name="due-from", render_kw=_DAY)
    due_last = StringField("この日まで", name="due-to", render_kw=_DAY)
    first_day = StringField("この日から", name="from", render_kw=_DAY)
    last_day = StringField("この日まで", name="to", render_kw=_DAY)
    view = HiddenField()
    q = HiddenField()
    area = HiddenField()
    near = HiddenField()
    bbox = HiddenField()
    order = HiddenField()
    display = HiddenField()
    layout = HiddenField()


class CaseSearchForm(Form):
    """A text that is looked for in the cases of one view."""

    q = StringField(
        "受付番号・氏名・電話・場所でさがす", render_kw={"type": "search", "maxlength": 100, "autocomplete": "off"}
    )
    view = HiddenField()
    layout = HiddenField()


MONEY_WORDS: Mapping[str, str] = {
    "unpaid": "未払い",
    "pending": "入金待ち・確認中",
    "paid": "支払い済み",
    "refunding": "返金の途中",
}
ORDER_WORDS: Mapping[str, str] = {
    "due": "期限順",
    "new": "新しい順",
    "number": "受付番号順",
    "state": "状態ごと",
    "assignee": "担当ごと",
    "money": "料金の高い順",
    "place": "場所の近い順",
}


def case_filter_form(
    arguments: MultiDict[str, str], offers: list[Offer], colleagues: Mapping[int, str]
) -> CaseFilterForm:
    """The filter of an address; groups of statuses (`open`, `closed`) are shown as those that they stand for. `colleagues` by id."""
    form = CaseFilterForm(arguments, meta={"csrf": False})
    form.assignee.choices = [("", _("だれでも")), *((str(staff_id), name) for staff_id, name in colleagues.items())]
    form.money.choices = [(state, _(MONEY_WORDS[state])) for state in MONEY_STATES]
    form.correction.choices = [("late", _("回答の期限を過ぎた"))]
    form.channel.choices = [(channel, _(words)) for channel, words in CHANNEL_WORDS.items()]
    form.conflict.choices = [("1", _("場所と期間が重なる"))]
    form.procedure.choices = [(offer.key, offer.definition.title.for_language("ja")) for offer in offers]
    form.status.choices = [(status, _(words)) for status, words in STATUS_WORDS.items()]
    chosen = [offer for offer in offers if offer.key in form.procedure.data]
    form.answer.choices = _answers(chosen[0]) if len(chosen) == 1 else []
    statuses = named_statuses(form.status.data)
    form.status.data = [status for status in STATUS_WORDS if status in statuses]
    return form


def _answers(offer: Offer) -> list[tuple[str, str]]:
    """The answers of a procedure by which its cases can be filtered, each after its question."""
    return [
        (f"{offer.key}:{question.slot}:{value}", _("{question}：{answer}", question=question.label, answer=_(words)))
        for question in filterable_questions(offer.definition)
        for value, words in question.values.items()
    ]
