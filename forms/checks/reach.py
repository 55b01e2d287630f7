"""What made-up residents run into: questions nobody is asked, conditions that never turn, answers with which nobody can go on."""

from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import sha256

from forms.definition.diagnostics import UnlocatedDiagnostic
from forms.definition.procedure import Definition
from forms.definition.source import Path
from forms.evaluation.city import CITY_TYPES, City
from forms.evaluation.program import all_fields, program_of
from forms.walking import Coverage, walk

_WORDS = {
    "show_when": "表示の条件",
    "required_when": "必須になる条件",
    "applies_when": "料金がかかる条件",
    "waived_when": "免除の条件",
    "assert": "確認",
}


def reach_diagnostics(
    text: str | bytes, definition: Definition, city: City | None, today: date
) -> Sequence[UnlocatedDiagnostic]:
    """Walk through the definition that `text` holds, on the days of its examples, or today, and report what got in the way.

    What was seen on the first day is not looked for on others: they are for what depends on the calendar.
    """
    days = list(dict.fromkeys(example.on for example in definition.examples))[:_MAX_DAYS] or [today]
    example_city = next((example.city for example in definition.examples if example.city), None)
    names_city = any(not CITY_TYPES.keys().isdisjoint(used.names) for used in program_of(definition).by_path.values())
    where = (example_city or city) if names_city else None
    content = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    key = (sha256(content).digest(), *days, where and (where.key, where.name, where.code))
    diagnostics = _kept.get(key)
    if diagnostics is None:
        coverage = walk(definition, today=days[0], city=where, judgements=_JUDGEMENTS)
        for day in days[1:]:
            if (coverage.covered and coverage.complete) or coverage.dead_ends or coverage.unanswerable:
                break
            coverage.add(walk(definition, today=day, city=where, judgements=_JUDGEMENTS // _MAX_DAYS))
        diagnostics = _kept[key] = tuple(diagnostics_of(definition, coverage))
        if len(_kept) > _MAX_KEPT:
            _kept.pop(next(iter(_kept)), None)
    return diagnostics


#: So many days on which residents set out.
_MAX_DAYS = 4
#: About a second of work: somebody waits for it at every change of a text.
_JUDGEMENTS = 20_000


_MAX_KEPT = 512

#: What the walks of late met, the oldest first: a text is checked again and again, while it is edited beside others, for each city, and
#: once more when it is published. The same text on the same day in the same city is the same walk.
_kept: dict[tuple[object, ...], Sequence[UnlocatedDiagnostic]] = {}


def diagnostics_of(definition: Definition, coverage: Coverage) -> Iterator[UnlocatedDiagnostic]:
    """The diagnostics of a walk."""
    yield from (end.diagnostic() for end in coverage.dead_ends.values())
    if coverage.unanswerable:
        yield from (_unanswerable(path) for path in sorted(coverage.unanswerable, key=str))
        return  # nobody got further than this question, so that the rest says nothing
    if not coverage.complete and not coverage.dead_ends:
        message = f"{coverage.residents}人分の答えを試しましたが、だれも申請できませんでした。"
        yield UnlocatedDiagnostic((), message, "確認(checks)と質問の範囲が合っているか確かめてください。")
        return
    yield from _never_shown(definition, coverage)
    yield from _one_sided(coverage)


def _unanswerable(path: Path) -> UnlocatedDiagnostic:
    message = "この質問に合う答えを作れないので、先を確かめられませんでした。"
    return UnlocatedDiagnostic(path, message, "examples に答えを1つ書いてください。", "advice")


def _never_shown(definition: Definition, coverage: Coverage) -> Iterator[UnlocatedDiagnostic]:
    for path, name in question_names(definition):
        if coverage.shown.get(name) == 0:
            message = f"質問「{name}」は、試したどの答えでも出ませんでした({coverage.residents}人)。"
            yield UnlocatedDiagnostic(path, message, "表示の条件を確かめてください。", "advice")


def _one_sided(coverage: Coverage) -> Iterator[UnlocatedDiagnostic]:
    for path, outcomes in coverage.conditions.items():
        if bool(outcomes.held) is not bool(outcomes.failed):
            word = _WORDS[str(path[-1])]
            always = "成り立ちました" if outcomes.held else "成り立ちませんでした"
            message = f"この{word}は、試したどの答えでも{always}({coverage.residents}人)。"
            yield UnlocatedDiagnostic(path, message, "要らない条件か、書きまちがいではありませんか。", "advice")


def question_names(definition: Definition) -> Iterator[tuple[Path, str]]:
    """Every question with its path, named as in a walk: `group.question` in rows."""
    group = ""
    for path, question in all_fields(definition):
        if len(path) == 4:
            group = question.id
        yield path, question.id if len(path) == 4 else f"{group}.{question.id}"
