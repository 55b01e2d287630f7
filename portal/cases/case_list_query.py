"""What a list of cases is asked for: which cases, in which order, and from which one on."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from portal.cases.case_filter import CaseFilter
from portal.cases.search_index import parse_search

Box = tuple[float, float, float, float]
"""West, south, east and north in degrees."""

Mark = tuple[date | datetime, int]
"""The due day or the moment of submission of a list's last case, and its id: where the next page begins."""


@dataclass(frozen=True, kw_only=True)
class CaseListQuery:
    """A list of cases: `order` is `due` (open cases, nearest deadline first) or `new` (newest first), `text` what is searched for.

    `bbox` keeps cases with a place in it. `readable` are the departments whose answers this person may read, `with_places` those
    whose places; `limited`, whether that is less than the departments whose cases they see.
    """

    filter: CaseFilter
    text: str
    bbox: Box | None
    order: str
    after: Mark | None
    readable: frozenset[int] = frozenset()
    with_places: frozenset[int] = frozenset()
    limited: bool = False

    @property
    def only_open(self) -> bool:
        """Whether no closed case can be in it."""
        return self.filter.open_only

    def shape(self) -> "CaseListQuery":
        """Return a query with the same conditions and none of the values: the key under which its statement is cached.

        Its `text` is the kind of the search, see `SearchQuery`.
        """
        marks: dict[str, date | datetime] = {"due": date.min, "new": datetime.min.replace(tzinfo=UTC)}
        return CaseListQuery(
            filter=self.filter.shape(),
            text=parse_search(self.text).kind,
            bbox=(0.0, 0.0, 0.0, 0.0) if self.bbox else None,
            order=self.order,
            after=(marks[self.order], 0) if self.after else None,
            limited=self.limited,
        )
