"""The eight windows of the first page: the moments of life by which people look for a procedure."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.core.errors import NotFound
from portal.core.text import _


@dataclass(frozen=True)
class LifeEvent:
    """One window: the key that definitions name in `routing.life_events`, and the pictogram above the sill."""

    key: str
    number: int
    title: str
    examples: str
    picture: str


def windows() -> Sequence[LifeEvent]:
    """The windows in the order of their numbers, in the reader's language."""
    entries = (
        ("moving", _("引越し"), _("転入・転出・転居、学校、ごみ"), "moving"),
        ("birth", _("出産・子育て"), _("出生届、児童手当、保育園"), "child"),
        ("mourning", _("おくやみ"), _("死亡届、年金、相続の証明"), "mourning"),
        ("marriage", _("結婚"), _("婚姻届、氏名の変更"), "marriage"),
        ("disaster", _("被災"), _("罹災証明、支援金、仮住まい"), "disaster"),
        ("home", _("住まい・ごみ"), _("粗大ごみ、水道、犬の登録"), "home"),
        ("road", _("道路・まち"), _("道路占用許可、不具合の連絡"), "road"),
        ("certificate", _("証明書"), _("住民票の写し、税、印鑑登録"), "certificate"),
    )
    return [
        LifeEvent(key, number, title, examples, picture)
        for number, (key, title, examples, picture) in enumerate(entries, start=1)
    ]


def window(key: str) -> LifeEvent:
    """One window by its key. Raises NotFound."""
    for event in windows():
        if event.key == key:
            return event
    raise NotFound
