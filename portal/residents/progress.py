"""How far a case has come, in the resident's words: the flow bar, what comes next, and what has happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from common.status import APPLICANTS_TURN
from forms import Definition, State, workflow_of
from forms.evaluation.chosen_days import ChosenDay, tells_days
from forms.evaluation.visits import visit_of
from forms.workflow.clock import due
from portal.cases import Case, next_step_of, open_answers, own_state_title, queries
from portal.core.clock import TOKYO, today
from portal.core.events import Event, event_kinds
from portal.core.tenancy import current_city
from portal.core.text import _, current_language, date_ja, labelled, listed, moment_ja, sentences, short_day, yen
from portal.residents.expected_days import expected_days

DECISIONS = frozenset({"case.approved", "case.completed", "case.refused"})
"""Events of which the history says what became of the case, in the words of the state that they led to."""

FlowEntry = tuple[str, str, str]


@dataclass(frozen=True)
class Progress:
    """Where a case stands, for a card or the head of its page; with the deadline of its state where residents are to see it.

    `kind` is that of the state; `announcement` says what became of it, `next_step` what the applicant does now; `period` is from when to when what was
    granted lasts.
    """

    word: str
    status: str
    kind: str
    flow: list[FlowEntry]
    announcement: str
    next_step: str
    period: tuple[date, date] | None = None
    deadline: tuple[str, date] | None = None


def progress_of(case: Case, definition: Definition) -> Progress:
    """The word and colour of a case's state, and the bar of its flow."""
    workflow = queries.way_of_case(case, definition)
    state = workflow.states[case.state]
    bar = workflow.progress(case.state, fee_moments=_fee_moments(case))
    days = expected_days(bar, today(), case.due_on)
    return Progress(
        state.title.for_language(current_language()),
        case.status,
        state.kind,
        [
            _entry(case, step, tense, days.get(step.id), first=number == 0, last=number == len(bar) - 1)
            for number, (step, tense) in enumerate(bar)
        ],
        state.announced_in(current_language()),
        _next_step(case, definition, state),
        _period(case, definition, state),
        _deadline(case, state),
    )


def _next_step(case: Case, definition: Definition, state: State) -> str:
    language, days = current_language(), _coming_days(case, definition)
    answers = open_answers(current_city().key, case.answers) if definition.workflow.preset == "visit" else {}
    return next_step_of(definition, state, days, language, visit_of(definition, answers, language))


def _coming_days(case: Case, definition: Definition) -> list[ChosenDay]:
    answers = open_answers(current_city().key, case.answers) if tells_days(definition) else {}
    return queries.coming_days(case, definition, answers, current_language())


def _period(case: Case, definition: Definition, state: State) -> tuple[date, date] | None:
    lasts = state.kind == "done" and definition.asks_for_period
    return (case.starts_on, case.ends_on) if lasts and case.starts_on and case.ends_on else None


def _deadline(case: Case, state: State) -> tuple[str, date] | None:
    """The deadline of the state with its name, if the definition shows it; an answer's own day is shown beside the title."""
    last = due(case.clock, state.id) if state.deadline and state.deadline.shown else None
    if last is None or state.kind == "with_applicant":
        return None
    return (_("有効期限") if state.final else _("市役所の期限")), last


def _entry(case: Case, state: State, tense: str, day: date | None, *, first: bool, last: bool) -> FlowEntry:
    name = (state.short or state.title).for_language(current_language())
    if tense == "now" and case.status in APPLICANTS_TURN:
        return name, _("あなたの番"), "now"
    if tense == "now":
        note, tense = _("いま"), "done"
    elif tense == "done":
        note = _day(case.submitted_at) if first else _day(case.closed_at) if last and case.closed_at else ""
    else:
        note = _("{day}ごろ", day=short_day(day)) if day is not None and last else ""
    return name, note, tense if tense != "todo" else ""


def _day(moment: datetime) -> str:
    day = moment.astimezone(TOKYO)
    return short_day(day)


def timeline(case: Case, events: list[Event], definition: Definition) -> list[dict[str, Any]]:
    """The history as residents read it, oldest first; the newest entry is where things stand.

    A decision that takes effect with the payment is told when it does.
    """
    states, entries, awaited = workflow_of(definition).states, [], False
    for event in events:
        if title := event_kinds()[event.name].resident:
            entries.append(_happened(_with_amount(_title(event, title, definition), event), event.at))
        state = states.get(event.data.get("state", ""))
        awaited = state.kind == "awaiting_payment" if state is not None else awaited
    end = states[case.state]
    if awaited and end.kind == "done" and case.closed_at is not None:
        place = sum(event.at <= case.closed_at for event in events if event_kinds()[event.name].resident)
        entries.insert(place, _happened(end.announced_in(current_language()), case.closed_at))
    if entries:
        entries[-1]["state"] = "now"
    return entries


def _happened(title: str, at: datetime) -> dict[str, Any]:
    return {"title": title, "time": moment_ja(at), "state": "done"}


def _with_amount(title: str, event: Event) -> str:
    """What happened, with how much money it was about."""
    amount = event.data.get("amount")
    return labelled(title, yen(amount)) if isinstance(amount, int) else title


def _title(event: Event, words: str, definition: Definition) -> str:
    """What happened, and into which state of the definition's own it led."""
    if event.name == "case.submitted":
        return _("{act}を送りました", act=definition.submission_word.for_language(current_language()))
    own = own_state_title(definition, event, current_language())
    if own:
        return _("{event}：「{state}」", event=_(words), state=own)
    state = workflow_of(definition).states.get(event.data.get("state", ""))
    if event.name not in DECISIONS or state is None:
        return _(words)
    if state.kind == "awaiting_payment":
        return _("市の確認が終わり、料金のお支払いをお願いしました")
    return state.announced_in(current_language()) if state.kind in ("done", "refused") else _(words)


def from_now_on(case: Case, definition: Definition) -> list[dict[str, Any]]:
    """What has been done and what comes next, dated: for the page after sending."""
    bar = queries.way_of_case(case, definition).progress(case.state, fee_moments=_fee_moments(case))
    days = expected_days(bar, today(), case.due_on)
    act = definition.submission_word.for_language(current_language())
    entries = [{"title": _("{act}が届きました", act=act), "time": moment_ja(case.submitted_at), "state": "done"}]
    withdrawn = bar[-1][0].kind == "withdrawn"
    for state, tense in bar[-1:] if withdrawn else bar:
        entries.append(_next_entry(case, definition, state, tense, days) | {"state": tense if tense != "todo" else ""})
    return [entry | {"text": _paragraph(entry.get("text", ""))} for entry in entries]


def _fee_moments(case: Case) -> set[str]:
    """At which moments of its course something is to pay."""
    return {moment for moment, amount in case.fee.get("due", {}).items() if amount}


def _paragraph(text: str) -> Markup:
    """The words under the title of an entry, on a line of their own."""
    return Markup("<p>{}</p>").format(text) if text else Markup("")


def _next_entry(
    case: Case, definition: Definition, state: State, tense: str, days: Mapping[str, date]
) -> dict[str, Any]:
    day, done = days.get(state.id), tense == "done"
    if state.kind == "awaiting_payment":
        return {"title": _("料金の支払い"), "text": _payment(case, state, tense)}
    if state.final:
        return {"title": _name(state, done=done), "text": "" if done else _told_by(case)} | _time(_("{day}ごろ"), day)
    if state.status == "new":
        title = _("市役所が受け付けました") if done else _("市役所が受け付けます")
        lacking = (
            _("受け付けたときと、足りないものがあるときに、メールでお知らせします。") if case.contact_email else ""
        )
        return {"title": title, "text": "" if done else lacking} | _time(_("{day}ごろまで"), day)
    if state.kind == "open":
        title = _work(definition, done=done) if state.id == "accepted" else _name(state, done=False)
        return {"title": title, "text": _lateness(case, tense)} | _time(_("{day}ごろまで"), day)
    return {"title": _name(state, done=False), "text": "" if done else _visit(case, definition, state)}


def _work(definition: Definition, *, done: bool) -> str:
    """What the office does with what it took up: a report is dealt with, everything else checked."""
    if definition.kind == "report":
        return _("市の職員が対応しました") if done else _("市の職員が対応します")
    return _("市の職員が確認しました") if done else _("市の職員が確認します")


def _name(state: State, *, done: bool) -> str:
    """A step by its short name; an end that was reached by what was announced of it."""
    if done and state.announcement is not None:
        return state.announced_in(current_language())
    return (state.title if done else state.short).for_language(current_language())


def _time(pattern: str, day: date | None) -> dict[str, str]:
    return {"time": pattern.format(day=date_ja(day))} if day is not None else {}


def _payment(case: Case, state: State, tense: str) -> str:
    """What is to be said of the payment at a state, by whether it was made, is due now, or comes later."""
    if tense == "done":
        return _("支払いが終わりました。")
    if tense == "now":
        return state.next_step_in(current_language()) or _("支払いが終わると、次に進みます。")
    amount = int(case.fee.get("due", {}).get("approved") or 0)
    later = _("そのときに、{amount}の支払いかたをお知らせします。", amount=yen(amount)) if amount else ""
    return later if case.contact_email is not None else ""


def _told_by(case: Case) -> str:
    """How the applicant hears of the result: by mail only where there is an address."""
    if case.contact_email is not None:
        return _("メールとマイページでお知らせします。")
    return _("結果は、受付番号と確認番号を使って「手続きの状況を調べる」で見られます。")


def _lateness(case: Case, tense: str) -> str:
    late = tense == "now" and case.due_on < today()
    return _("予定の日を過ぎています。お待たせしています。") if late else ""


def _visit(case: Case, definition: Definition, state: State) -> str:
    """By when to come to the counter, where somebody has to, and what to bring."""
    bring = definition.routing.bring if definition.routing else ()
    items = listed(item.for_language(current_language()) for item in bring)
    coming = _next_step(case, definition, state) if definition.workflow.preset == "visit" else ""
    return sentences((coming, _("持ってくるもの：{things}", things=items) if items else ""))
