"""The words of the office for one case: variables of standard texts filled in, the texts that fit, in the applicant's language; and conditions
of a decision (条件), what must be kept to where something is permitted, which stand with the case for everybody who reads it;
and the parts of what was asked for that a decision granted.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from forms import Definition
from forms.fields import FieldType
from portal import standard_texts
from portal.cases.messages import readable_message
from portal.cases.models import Case
from portal.cases.notices import title_of
from portal.core.clock import today
from portal.core.database import city_of
from portal.core.errors import Invalid
from portal.core.tenancy import city
from portal.core.text import _, date_ja, pick, using_language
from portal.identity import get_department

MAX_CONDITIONS = 30
MAX_CONDITION = 500
CONDITIONS_FIELD = "conditions"


@dataclass(frozen=True)
class FittingText:
    """A standard text for a case. `words` go into the box, with `{deadline}` still in it; `in_japanese` says what they mean, where they are
    in another language; `obstacle` why they cannot be used here; `is_translated` whether they are in the applicant's own language.
    """

    id: int
    title: str
    words: str
    in_japanese: str
    obstacle: str
    is_translated: bool


@dataclass(frozen=True)
class GrantedPart:
    """One question of which a part was granted, each side as the question shows it; `requested` and `granted` are canonical answers."""

    question: FieldType
    requested: Any
    granted: Any

    def told(self, language: str) -> tuple[str, str, str]:
        """The question, what was asked for, and what is granted, in a language; the last is empty where nothing of it is."""
        granted = self.question.show(self.granted, language) if self.granted not in (None, []) else ""
        return self.question.label_in(language), self.question.show(self.requested, language), granted


def filled_words(session: Session, case: Case, text: str, *, field: str, deadline: date | None = None) -> str:
    """What staff wrote, with the values of this case in place of the variables.

    Raises Invalid, at that field, for a name that is no variable, and for one without a value here.
    """
    return standard_texts.fill(text, _values(session, case, deadline), field=field)


def refuse_unknown(text: str, *, field: str) -> None:
    """Raise Invalid, at that field, for a variable that no message can have, before it is filled in for each of many cases."""
    standard_texts.fill(text, lambda name: "" if name == "deadline" else name, field=field)


def fitting_texts(session: Session, case: Case, kind: str) -> list[FittingText]:
    """The texts of a kind that the case's department has for its procedure, or for all of its own."""
    rows = standard_texts.texts_for(session, [case.department_id], [case.procedure_key], kind=kind)
    return [_fitting(session, case, row) for row in rows]


def conditions_of(case: Case) -> list[str]:
    """The conditions of the decision, in their order and in the applicant's language."""
    return list(case.conditions["texts"]) if case.conditions else []


def granted_parts(stored: Mapping[str, Any] | None, definition: Definition) -> list[GrantedPart]:
    """The parts of a decision as it is kept."""
    return [
        GrantedPart(definition.fields[part["question"]], part["asked"], part["granted"])
        for part in (stored or {}).get("parts", ())
        if part["question"] in definition.fields
    ]


def typed_of(stored: Mapping[str, Any] | None, definition: Definition) -> dict[str, tuple[str, ...]]:
    """What somebody would have typed for the parts of a decision as it is kept: a correction begins with them."""
    typed: dict[str, tuple[str, ...]] = {}
    for part in granted_parts(stored, definition):
        if part.question.type == "date_range":
            typed[part.question.id] = (part.granted["start"], part.granted["end"])
        elif part.question.type in ("group", "choices"):
            kept = list(part.granted)
            numbers = []
            for number, entry in enumerate(part.requested):
                if entry in kept:
                    kept.remove(entry)
                    numbers.append(str(number))
            typed[part.question.id] = tuple(numbers)
        else:
            typed[part.question.id] = (str(part.granted),)
    return typed


def readable_conditions(session: Session, case: Case, lines: Sequence[str]) -> tuple[str, ...]:
    """Conditions as they are kept, one a line. Raises Invalid for too many, for one that is too long, and like `filled_words`."""
    texts = [text for line in lines if (text := line.strip())]
    if len(texts) > MAX_CONDITIONS:
        _refuse(f"条件は{MAX_CONDITIONS}個までにしてください。")
    if any(len(text) > MAX_CONDITION for text in texts):
        _refuse(f"1つの条件は{MAX_CONDITION}文字までにしてください。")
    filled = (filled_words(session, case, text, field=CONDITIONS_FIELD) for text in texts)
    try:
        return tuple(readable_message(text) for text in filled)
    except Invalid as fault:
        raise Invalid(fault.message, {CONDITIONS_FIELD: fault.message}) from fault


def keep_conditions(case: Case, texts: Sequence[str]) -> None:
    """Put the conditions of a decision in the place of any from before."""
    case.conditions = {"texts": list(texts)} if texts else None


def _refuse(sentence: str) -> None:
    raise Invalid(sentence, {CONDITIONS_FIELD: sentence})


def standard_request(case: Case, definition: Definition, fields: Sequence[str]) -> str:
    """What a correction says that names questions and brings no words of its own, in the applicant's language."""
    labels: Sequence[str] = [definition.fields[name].label_in(case.language) for name in fields]
    with using_language(case.language):
        return _("次の項目を確かめて、直してください。") + "\n" + "\n".join(f"・{label}" for label in labels)


def _fitting(session: Session, case: Case, row: standard_texts.StandardText) -> FittingText:
    words, japanese = row.text.get(case.language) or row.text["ja"], row.text["ja"]
    value_of = _values(session, case, None)

    def value_or_itself(name: str) -> str:
        return "{deadline}" if name == "deadline" else value_of(name)

    try:
        filled, obstacle = standard_texts.fill(words, value_or_itself, field="note"), ""
    except Invalid as fault:
        filled, obstacle = words, fault.message
    return FittingText(
        row.id, row.title, filled, japanese if words != japanese else "", obstacle, case.language in row.text
    )


def _values(session: Session, case: Case, deadline: date | None) -> Callable[[str], str]:
    """The value of each variable by its name, in the language of the applicant; "" where the case has none."""

    def value_of(name: str) -> str:
        with using_language(case.language):
            match name:
                case "applicant":
                    return case.applicant_name
                case "number":
                    return case.number
                case "procedure":
                    return title_of(session, case)
                case "place":
                    return case.place_label
                case "office":
                    return pick(get_department(session, case.department_id).title, case.language)
                case "phone":
                    return get_department(session, case.department_id).phone or city(city_of(session)).phone
                case "today":
                    return date_ja(today(), year=True)
                case _:
                    return date_ja(deadline, year=True)

    return value_of
