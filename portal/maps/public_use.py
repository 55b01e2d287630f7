"""What a layer is used for on the residents' map: chosen by those who decide about it, and kept with its entry in the catalogue."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy.orm import Session

from geo.catalogue import Entry, change_entry
from portal.core.errors import Invalid
from portal.core.events import Actor, record
from portal.maps.catalogue import get_layer
from portal.maps.events import of_layer

NEEDS: Final = ("facility", "shelter", "collection", "works", "zoning", "other")
"""What residents look for: facilities and whether they are open, places of refuge, days of refuse collection, works on roads, what may be
built (zoning), and whatever else.
"""


@dataclass(frozen=True, slots=True)
class PublicUse:
    """`need` is one of NEEDS, or "" for a layer that is not on the residents' map.

    `name_column` holds what a feature is called ("": by the usual names of such columns). `labels` is what columns are called, by column
    and language, at the desk and for programs too; `notice`, by language, is what must be read before the layer is consulted (zoning alone;
    empty: the usual reservation). `words` is what values that many features share are called, by value and language.
    """

    need: str = ""
    name_column: str = ""
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    notice: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def stored(cls, value: Mapping[str, Any]) -> "PublicUse":
        """The use that an entry holds; one of another edition of the product counts as none."""
        labels, words = value.get("labels", {}), value.get("words", {})
        if value.get("need") not in NEEDS:
            return cls(labels=labels, words=words)
        return cls(value["need"], value.get("name_column", ""), labels, value.get("notice", {}), words)

    def as_stored(self) -> dict[str, Any]:
        """What the entry holds."""
        whole = {
            "need": self.need,
            "name_column": self.name_column if self.need else "",
            "labels": {column: dict(texts) for column, texts in self.labels.items() if texts},
            "notice": dict(self.notice) if self.need else {},
            "words": {value: dict(texts) for value, texts in self.words.items() if texts},
        }
        return {name: value for name, value in whole.items() if value}


def use_layer(session: Session, key: str, use: PublicUse, hidden: Collection[str], actor: Actor) -> None:
    """Say what residents use a layer for, and which of its columns they do not see: on no page, in no tile and by no program.

    Raises Invalid for a need that there is not, for columns that its features do not have, and for a hidden column that names them.
    """
    entry = get_layer(session, key)
    if use.need and use.need not in NEEDS:
        sentence = "使いみちを一覧から選んでください。"
        raise Invalid(sentence, {"need": sentence})
    unknown = {*hidden, *use.labels, *([use.name_column] if use.name_column else [])} - entry.columns.keys()
    if unknown:
        sentence = f"「{'」「'.join(sorted(unknown))}」という項目は、この層にありません。"
        raise Invalid(sentence, {"name_column": sentence})
    if use.name_column in hidden:
        sentence = f"「{use.name_column}」は名前に使うので、住民に見せる項目にしてください。"
        raise Invalid(sentence, {"name_column": sentence})
    values = {"public_use": use.as_stored(), "hidden_columns": sorted(hidden)}
    if values != {"public_use": dict(entry.public_use), "hidden_columns": sorted(entry.hidden_columns)}:
        change_entry(session, key, **values)
        data = {"key": key, "need": use.need or "none", "hidden": len(values["hidden_columns"])}
        record(session, of_layer(entry.id), "layer.public_use_set", actor, **data)


def use_of(entry: Entry) -> PublicUse:
    """What an entry says."""
    return PublicUse.stored(entry.public_use)
