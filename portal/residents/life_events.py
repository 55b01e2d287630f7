"""The eight windows of the first page: the moments of life by which people look for a procedure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from forms import Definition
from portal.core.errors import NotFound
from portal.core.text import _
from writing.folding import SEARCH


def _only(*happened: str, unless: str | None = None) -> Mapping[str, bool]:
    """The life events that a window is about; the others are not, but for one that is asked for."""
    others = (event for event in ("moving", "birth", "bereavement", "disaster") if event != unless)
    return MappingProxyType({event: event in happened for event in others})


_NAMES = re.compile("[・·、]")
"""What stands between the names in one title: 出産・子育て."""


@dataclass(frozen=True)
class LifeEvent:
    """A life event: a numbered window on the home page. Its procedures name one of its `events` in `routing.life_events`, or are of its
    `kinds`.
    """

    key: str
    number: int
    title: str
    examples: str
    picture: str
    events: frozenset[str]
    kinds: frozenset[str] = frozenset()
    facts: Mapping[str, bool] = field(default_factory=dict)
    """What is known of whoever comes by this window, so that it is not asked: which life events it is about, and which not."""
    words: tuple[str, ...] = ()
    """What people say when it has happened, besides the title."""

    def holds(self, definition: Definition) -> bool:
        """Whether a procedure stands behind this life event."""
        named = definition.routing.life_events if definition.routing else ()
        return definition.kind in self.kinds or not self.events.isdisjoint(named)


def life_events() -> Sequence[LifeEvent]:
    """The windows in the order of their numbers, in the reader's language."""
    return (
        LifeEvent(
            "moving",
            1,
            _("引越し"),
            _("転入・転出・転居、学校、ごみ"),
            "moving",
            frozenset({"moving"}),
            facts=_only("moving"),
        ),
        LifeEvent(
            "birth",
            2,
            _("出産・子育て"),
            _("出生届、児童手当、保育園"),
            "child",
            frozenset({"birth", "childcare", "school"}),
            facts=_only(unless="birth"),
            words=(
                *("出産", "妊娠", "出生", "生まれ", "赤ちゃん", "母子", "保育", "待機児童", "入学", "子ども", "子供"),
                *("baby", "birth", "pregnan", "childcare", "nursery"),
                *("怀孕", "生孩子", "宝宝", "幼儿园", "임신", "아기", "육아", "어린이집"),
            ),
        ),
        LifeEvent(
            "mourning",
            3,
            _("おくやみ"),
            _("死亡届、年金、相続の証明"),
            "mourning",
            frozenset({"mourning"}),
            facts=_only("bereavement"),
            words=(
                "死亡",
                "死んだ",
                "死去",
                "亡くな",
                "他界",
                "お悔やみ",
                "葬",
                "相続",
                "遺族",
                "death",
                "died",
                "funeral",
                *("去世", "葬礼", "사망", "장례", "돌아가"),
            ),
        ),
        LifeEvent(
            "marriage",
            4,
            _("結婚"),
            _("婚姻届、氏名の変更"),
            "marriage",
            frozenset({"marriage"}),
            facts=_only(),
            words=("婚姻", "入籍", "けっこん", "名字", "marriage", "married", "wedding", "登记结婚", "결혼", "혼인"),
        ),
        LifeEvent(
            "disaster",
            5,
            _("被災"),
            _("罹災証明、支援金、仮住まい"),
            "disaster",
            frozenset({"disaster"}),
            facts=_only("disaster"),
        ),
        LifeEvent(
            "home", 6, _("住まい・ごみ"), _("粗大ごみ、水道、犬の登録"), "home", frozenset({"everyday"}), facts=_only()
        ),
        LifeEvent(
            "road",
            7,
            _("道路・まち"),
            _("道路占用許可、不具合の連絡"),
            "road",
            frozenset({"business", "building"}),
            facts=_only(),
            kinds=frozenset({"report"}),
        ),
        LifeEvent(
            "certificate",
            8,
            _("証明書"),
            _("住民票の写し、税、印鑑登録"),
            "certificate",
            frozenset(),
            kinds=frozenset({"certificate"}),
            facts=_only(),
        ),
    )


def life_event_of(key: str) -> LifeEvent:
    """The life event of that key. Raises NotFound."""
    for event in life_events():
        if event.key == key:
            return event
    raise NotFound


def life_events_named(query: str) -> list[LifeEvent]:
    """The life events of which a query speaks, by title or by what people say."""
    folded = SEARCH(query[:100])
    return [
        event
        for event in life_events()
        if folded and any(SEARCH(word) in folded for word in (*_NAMES.split(event.title), *event.words))
    ]
