"""The filter of the desk's list and its search box as forms of an address: what they hold is read by `case_filter_arguments`."""

from werkzeug.datastructures import MultiDict

from common.status import STATUS_WORDS
from portal.cases import filterable_questions
from portal.core.forms import CheckboxListField, Form, HiddenField, StringField
from portal.core.text import _
from portal.desk.case_filter_arguments import named_statuses
from portal.procedures import Offer

_DAY = {"type": "date"}


class CaseFilterForm(Form):
    """Procedures, statuses and days to choose, with what else the address filters by."""

    procedure = CheckboxListField("手続き")
    status = CheckboxListField("状態")
    answer = CheckboxListField("答え")
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


class CaseSearchForm(Form):
    """A text that is looked for in the cases of one view."""

    q = StringField(
        "受付番号・氏名・電話・場所でさがす", render_kw={"type": "search", "maxlength": 100, "autocomplete": "off"}
    )
    view = HiddenField()


def case_filter_form(arguments: MultiDict[str, str], offers: list[Offer]) -> CaseFilterForm:
    """The filter of an address; groups of statuses (`open`, `closed`) are shown as those that they stand for."""
    form = CaseFilterForm(arguments, meta={"csrf": False})
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
