"""What surrounds the questions of a made-up definition: its own states and moves, consents of others, the earlier case."""

from hypothesis import strategies as st

from tests.unit.forms.generated_questions import Question, conditions
from tests.unit.forms.making import field

#: The earlier case as expressions see it, where a definition follows one.
EARLIER: Question = {"id": "earlier", "type": "earlier"}
BASED_ON: Question = {
    "procedure": "road-occupancy",
    "states": ["approved"],
    "values": [{"id": "left", "type": "int", "of": "1"}, {"id": "until", "type": "date", "of": "period.end"}],
}


def consents(draw: st.DrawFn, questions: list[Question]) -> tuple[list[Question], list[Question]]:
    """A rule of consent, of one person or of every row, and the questions that name them."""
    shown: Question = {"show_when": draw(conditions(questions))} if draw(st.integers(0, 2)) == 0 else {}
    names = [field("signer", "text", max_length=20), field("signer_email", "email")]
    rule: Question = {
        "id": "agreement",
        "title": {"ja": "同意"},
        "text": {"ja": "同意します。"},
        "name": "signer",
        "email": "signer_email",
        "before": draw(st.sampled_from(["submission", "approval"])),
        "signature": draw(st.booleans()),
    }
    if draw(st.booleans()):
        rule["shows"] = [draw(st.sampled_from(questions))["id"]]
    if draw(st.booleans()):
        rows = field("signers", "group", fields=names, min=draw(st.integers(0, 1)), max=2, **shown)
        return [rule | {"each": "signers"}], [rows]
    if draw(st.booleans()):
        rule["applies_when"] = draw(conditions(questions))
    return [rule], [question | shown for question in names]


def workflow(draw: st.DrawFn, questions: list[Question]) -> Question:
    """A preset with a state of the definition's own in its middle, or a workflow that is the definition's own altogether."""
    return (_with_detour if draw(st.booleans()) else _own)(draw, questions)


def _with_detour(draw: st.DrawFn, questions: list[Question]) -> Question:
    state: Question = {"id": "looked_into", "title": {"ja": "調べています"}, "kind": "open"}
    back = _move(draw, "back", ["looked_into"], draw(st.sampled_from(["accepted", "completed"])), questions)
    if draw(st.booleans()):
        state["deadline"] = {"working_days": 5, "move": "back"}
        back["who"] = [*back["who"], "system"]
    elif draw(st.booleans()):
        days = [question["id"] for question in questions if question["type"] == "date"]
        state["deadline"] = {"until": draw(st.sampled_from([*days, "today() + days(30)"]))}
    there = _move(draw, "there", ["accepted"], "looked_into", questions)
    return {"preset": "notification", "states": [state], "moves": [there, back]}


def _own(draw: st.DrawFn, questions: list[Question]) -> Question:
    states = [
        {"id": "begun", "title": {"ja": "受付"}, "kind": "open"},
        {"id": "bill", "title": {"ja": "お支払い"}, "kind": "awaiting_payment"},
        {"id": "theirs", "title": {"ja": "補正"}, "kind": "with_applicant", "status": "fix"},
        {"id": "done", "title": {"ja": "完了"}, "kind": "done"},
        {"id": "no", "title": {"ja": "お断り"}, "kind": "refused"},
    ]
    moves = [
        {"id": "pay", "title": {"ja": "支払い"}, "from": ["bill"], "to": "begun", "who": ["system"]},
        {"id": "answer_correction", "title": {"ja": "補正"}, "from": ["theirs"], "to": "begun", "who": ["applicant"]},
        _move(draw, "ask", ["begun"], "theirs", questions),
        _move(draw, "finish", ["begun"], "done", questions) | {"forward": True},
        _move(draw, "refuse", ["begun"], "no", questions),
    ]
    return {"states": states, "moves": moves, "start": {"when_fee_due": "bill", "otherwise": "begun"}}


def _move(draw: st.DrawFn, name: str, origin: list[str], target: str, questions: list[Question]) -> Question:
    """A move that some take always, or only some applications, or some of the office only for some applications."""
    move: Question = {"id": name, "title": {"ja": name}, "from": origin, "to": target, "who": ["clerk"]}
    match draw(st.sampled_from(["always", "when", "doer", "doers"])):
        case "when":
            move["when"] = draw(st.sampled_from([draw(conditions(questions)), "case.fee > 500", "case.fee <= 500"]))
        case "doer":
            move["who"] = [{"role": "decider", "when": draw(conditions(questions))}]
        case "doers":
            condition = draw(conditions(questions))
            move["who"] = [{"role": "decider", "when": condition}, {"role": "clerk", "when": f"!({condition})"}]
    return move
