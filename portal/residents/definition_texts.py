"""How definitions speak on residents' pages: texts in the reader's language, fees, deadlines and working days in words."""

from datetime import datetime

from flask import Flask
from markupsafe import Markup, escape

import forms
from forms import Definition
from forms.definition.fee import FeeRule
from forms.fields import FieldType
from forms.routing import label_of
from forms.text.localized import Text
from forms.text.ruby import ruby
from portal.core.clock import local_date, today
from portal.core.text import _, current_language, listed, yen
from portal.residents.fee_examples import amounts_in_words


def words(text: Text | None) -> str:
    """A definition's text in the reader's language; nothing for a text that is not there."""
    return text.for_language(current_language()) if text is not None else ""


def act(definition: Definition) -> str:
    """What is sent by it, in the reader's language: 申請, 届出, 連絡 …"""
    return definition.submission_word.for_language(current_language())


def fee_summary(definition: Definition) -> str:
    """The fee in a few words, for lists: 無料, the amount, the range of the examples, or that it depends on what is applied for."""
    if not definition.fee:
        return yen(0)
    fixed = fixed_fee(definition)
    if fixed is not None:
        return yen(fixed)
    return amounts_in_words(definition) or _("内容によって変わります")


def fixed_fee(definition: Definition) -> int | None:
    """The fee where it is the same for everybody; None where it depends on what is applied for."""
    amounts = [_fixed(rule.amount) for rule in definition.fee]
    if any(rule.applies_when or rule.waived_when or rule.each for rule in definition.fee):
        return None
    decided = [amount for amount in amounts if amount is not None]
    return sum(decided) if len(decided) == len(amounts) else None


def fee_lines(definition: Definition) -> list[dict[str, object]]:
    """Each line of the fee with its amount, where that is known before anything is asked."""
    return [
        {
            "title": words(rule.label),
            "amount": _fixed(rule.amount),
            "note": _condition(rule.applies_when, rule.waived_when),
            "moment": _moment(rule),
            "effect": payment_effect(definition) if rule.when == "approved" else "",
        }
        for rule in definition.fee
    ]


def payment_effect(definition: Definition) -> str:
    """What follows once the fee of a decision is paid, in the words that a case waits for it with; nothing where none waits."""
    workflow = forms.workflow_of(definition)
    for move in workflow.moves:
        if move.fee == "approved" and not isinstance(move.to, str):
            state = workflow.states[move.to.when_fee_due]
            if state.kind == "awaiting_payment":
                return state.next_step_in(current_language())
    return ""


def _moment(rule: FeeRule) -> str:
    if rule.schedule is not None and rule.schedule.repeats:
        return _("期ごとに支払います")
    if rule.surveyed is not None and not rule.surveyed.advance:
        return _("職員が測ってから決まります")
    moment = _("審査のあとに支払います") if rule.when == "approved" else _("申請のときに支払います")
    if rule.schedule is not None and rule.schedule.instalments is not None:
        return _("{moment}(何回かに分けます)", moment=moment)
    return moment


def _fixed(amount: str) -> int | None:
    """The amount of an expression that is a plain number."""
    return int(amount) if amount.isascii() and amount.isdigit() else None


def _condition(applies_when: str | None, waived_when: str | None) -> str:
    if applies_when:
        return _("あてはまるときだけ、かかります")
    return _("免除になることがあります") if waived_when else ""


def deadline(definition: Definition) -> str:
    """Until when the procedure should be done, counted from its event; nothing if the definition names none."""
    due = definition.routing.deadline if definition.routing else None
    if due is None:
        return ""
    count = _("{n}日", n=due.days) if due.days is not None else _("{n}か月", n=due.months)
    name = due.before or due.after or ""
    question = definition.fields.get(name)
    event = _("「{question}」", question=label(question)) if question is not None else _event(definition, name)
    if due.before and due.days == 0:
        return _("{event}まで", event=event)
    if due.before:
        return _("{event}の{count}前まで", event=event, count=count)
    if due.counts_first_day:
        return _("{event}を1日目として{count}以内", event=event, count=count)
    return _("{event}から{count}以内", event=event, count=count)


def requirements(definition: Definition) -> list[tuple[str, str]]:
    """For whom the procedure is: the questions that decide it, and the answers that lead here."""
    language = current_language()
    shown = []
    for requirement in forms.requirements(definition, today=today()):
        answers = [
            _yes_no(answer) if isinstance(answer, bool) else requirement.fact.options[answer].for_language(language)
            for answer in requirement.answers
        ]
        question = requirement.fact.question
        shown.append((question.for_language(language) if question else requirement.name, listed(answers)))
    return shown


def _yes_no(answer: bool) -> str:
    return _("はい") if answer else _("いいえ")


def _event(definition: Definition, name: str) -> str:
    """The day that a fact of the vocabulary stands for, as part of a sentence."""
    fact = definition.vocabulary.facts.get(name)
    return label_of(fact, current_language()) if fact is not None else _("その日")


def ways(definition: Definition) -> str:
    """How one applies: online alone, online and then at the counter, at the counter alone, elsewhere, or from afar."""
    if definition.has_form:
        return _("オンラインと窓口") if definition.workflow.preset == "visit" else _("オンライン")
    return {
        "phone": _("電話"),
        "web": _("ほかのホームページ"),
        "post": _("郵送"),
        "elsewhere": _("ほかの機関"),
    }.get(definition.way, _("市役所の窓口"))


def standard_days(definition: Definition) -> str:
    """How long the city usually takes, in open days of the city hall."""
    if definition.standard_days is None:
        return ""
    if definition.standard_days == 0:
        return _("すぐに受け付けます")
    return _("受付から{n}開庁日ほど(土日・祝日をのぞく)", n=definition.standard_days)


def label(question: FieldType) -> str:
    """The label of a question."""
    return question.label_in(current_language())


def lines(text: str) -> Markup:
    """A text of several lines as HTML."""
    return Markup("<br>").join(escape(line) for line in text.splitlines())


def tokyo_day(moment: datetime) -> str:
    """The city's day of a moment, as `<time>` wants it."""
    return local_date(moment).isoformat()


def install(app: Flask) -> None:
    """Give the templates these words as filters."""
    app.jinja_env.filters.update(
        words=words,
        ways=ways,
        label=label,
        lines=lines,
        ruby=ruby,
        tokyo_day=tokyo_day,
        fee_summary=fee_summary,
        act=act,
        deadline_words=deadline,
    )
