"""What there is to choose from where an expression names something that does not exist."""

from collections.abc import Iterable, Mapping

from forms.catalogue.vocabulary import Fact
from forms.definition.nearness import by_shared_words
from forms.definition.procedure import Definition, group_fields, questions_in
from forms.definition.source import Path
from forms.fields import FieldType
from forms.fields.offering import OffersOptions

_MAX_LISTED = 40
#: Each with its question.
_MAX_FACTS = 12


def remedy_for_unknown(definition: Definition, path: Path, name: str, group: str | None) -> str:
    """The names that an expression at this path may use, in a row of `group` or outside; facts with what they ask."""
    if path[0] == "routing":
        return fact_listing(definition.vocabulary.facts, name)
    if name in _option_ids(definition):
        return f"選択肢のIDは引用符 ' で囲みます(例：== '{name}')。"
    outside = _listed(question for question in definition.question_ids if question != group)
    computed = _listed(value.id for value in definition.compute if value.id not in definition.unread.stand_ins)
    outside += f"、計算した値({computed})" if computed else ""
    if group is None:
        return f"使えるのは {outside} です。" if outside else ""
    own = _groups_to(definition, group)
    row = _listed(inner.id for inner in group_fields(own[-1]))
    around = f"、外側の行の質問({_listed(inner.id for inner in group_fields(own[0]))})" if len(own) > 1 else ""
    return f"行の中の式で使えるのは、この行の質問({row}){around}と、行の外の質問({outside or 'なし'})です。"


def _groups_to(definition: Definition, group: str) -> list[FieldType]:
    """The group of an id, after the one in whose rows it stands."""
    for field in definition.fields.values():
        if field.id == group:
            return [field]
        for inner in group_fields(field):
            if inner.id == group:
                return [field, inner]
    raise KeyError(group)


def fact_listing(choice: Mapping[str, Fact], written: str) -> str:
    """Facts by name, each with what it asks of people; of many those that share words with what is written."""
    names = by_shared_words(written, choice)
    listed = "、".join(f"{name}({_asks(choice[name])})" for name in names[:_MAX_FACTS])
    more = f" ほか{len(names) - _MAX_FACTS}個(リファレンスの「案内のしかた」)" if len(names) > _MAX_FACTS else ""
    return f"使えるのは {listed}{more} です。"


def _asks(fact: Fact) -> str:
    return fact.question.ja if fact.question else "地図が答えます"


def _option_ids(definition: Definition) -> set[str]:
    return {
        option.id
        for field in definition.fields.values()
        for question in questions_in(field)
        if isinstance(question, OffersOptions)
        for option in question.written_options
    }


def _listed(names: Iterable[str]) -> str:
    in_order = sorted(names)
    more = f" ほか{len(in_order) - _MAX_LISTED}個" if len(in_order) > _MAX_LISTED else ""
    return "、".join(in_order[:_MAX_LISTED]) + more
