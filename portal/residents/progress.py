"""How far a case has come, in the resident's words: the flow bar, what comes next, and what has happened."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from common.status import APPLICANTS_TURN
from forms import Definition, State, workflow_of
from forms.workflow.clock import due
from portal.cases import Case, own_state_title
from portal.core.clock import TOKYO
from portal.core.events import Event, event_kinds
from portal.core.text import _, current_language, date_ja, listed, moment_ja

FlowEntry = tuple[str, str, str]


@dataclass(frozen=True)
class Progress:
    """Where a case stands, for a card or the head of its page; with the deadline of its state where residents are to see it."""

    word: str
    status: str
    flow: list[FlowEntry]
    deadline: tuple[str, date] | None = None


def progress_of(case: Case, definition: Definition) -> Progress:
    """The word and colour of a case's state, and the bar of its flow."""
    workflow = workflow_of(definition)
    state = workflow.states[case.state]
    moments = {moment for moment, amount in case.fee.get("due", {}).items() if amount}
    bar = workflow.progress(case.state, fee_moments=moments)
    return Progress(
        state.title.for_language(current_language()),
        case.status,
        [
            _entry(case, step, tense, first=number == 0, last=number == len(bar) - 1)
            for number, (step, tense) in enumerate(bar)
        ],
        _deadline(case, state),
    )


def _deadline(case: Case, state: State) -> tuple[str, date] | None:
    """The deadline of the state with its name, if the definition shows it; an answer's own day is shown beside the title."""
    last = due(case.clock, state.id) if state.deadline and state.deadline.shown else None
    if last is None or state.kind == "with_applicant":
        return None
    return (_("有効期限") if state.final else _("市役所の期限")), last


def _entry(case: Case, state: State, tense: str, *, first: bool, last: bool) -> FlowEntry:
    name = (state.short or state.title).for_language(current_language())
    if tense == "now" and case.status in APPLICANTS_TURN:
        return name, _("あなたの番"), "now"
    if tense == "now":
        note, tense = _("いま"), "done"
    elif tense == "done":
        note = _day(case.submitted_at) if first else _day(case.closed_at) if last and case.closed_at else ""
    else:
        note = _("{day}ごろ", day=f"{case.due_on.month}/{case.due_on.day}") if last else ""
    return name, note, tense if tense != "todo" else ""


def _day(moment: datetime) -> str:
    day = moment.astimezone(TOKYO)
    return f"{day.month}/{day.day}"


def timeline(events: list[Event], definition: Definition) -> list[dict[str, Any]]:
    """The history as residents read it, oldest first; the newest entry is where things stand."""
    entries = [
        {"title": _title(event, title, definition), "time": moment_ja(event.at), "state": "done"}
        for event in events
        if (title := event_kinds()[event.name].resident)
    ]
    if entries:
        entries[-1]["state"] = "now"
    return entries


def _title(event: Event, words: str, definition: Definition) -> str:
    """What happened, and into which state of the definition's own it led."""
    state = own_state_title(definition, event, current_language())
    return _("{event}:「{state}」", event=_(words), state=state) if state else _(words)


def from_now_on(case: Case, definition: Definition) -> list[dict[str, Any]]:
    """What has been done and what comes next, dated: for the page after sending."""
    workflow = workflow_of(definition)
    moments = {moment for moment, amount in case.fee.get("due", {}).items() if amount}
    entries = [{"title": _("申請"), "time": _("{moment} 完了", moment=moment_ja(case.submitted_at)), "state": "done"}]
    for state, tense in workflow.progress(case.state, fee_moments=moments):
        entries.append(_next_entry(case, definition, state) | {"state": tense if tense != "todo" else ""})
    return [entry | {"text": _paragraph(entry.get("text", ""))} for entry in entries]


def _paragraph(text: str) -> Markup:
    """The words under the title of an entry, on a line of their own."""
    return Markup("<p>{}</p>").format(text) if text else Markup("")


def _next_entry(case: Case, definition: Definition, state: State) -> dict[str, Any]:
    title = state.title.for_language(current_language())
    if state.kind == "awaiting_payment":
        return {"title": _("料金の支払い"), "text": _("支払いが終わると、次に進みます。")}
    by_mail = case.contact_email is not None
    if state.status == "new":
        lacking = _("足りないものがあるときだけ、メールでお知らせします。") if by_mail else ""
        return {"title": _("市役所が受け付けます"), "text": lacking}
    if state.kind == "open":
        work = _("市の職員が確認します") if state.id == "accepted" else title
        return {"title": work, "time": _("{day}ごろまで", day=date_ja(case.due_on))}
    if state.kind == "with_applicant":
        return {"title": title, "text": _visit(definition)}
    return {
        "title": title,
        "time": _("{day}ごろ", day=date_ja(case.due_on)),
        "text": _("メールとマイページでお知らせします。")
        if by_mail
        else _("結果は、受付番号と確認番号を使って「申請の状況を調べる」で見られます。"),
    }


def _visit(definition: Definition) -> str:
    """What to bring to the counter, where somebody has to come."""
    bring = definition.routing.bring if definition.routing else ()
    items = listed(item.for_language(current_language()) for item in bring)
    return _("持ってくるもの:{things}", things=items) if items else ""
