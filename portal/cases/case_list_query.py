"""What a list of cases is asked for: which cases, in which order, and from which one on."""

from dataclasses import dataclass

from portal.cases.case_filter import CaseFilter
from portal.cases.case_orders import Mark
from portal.cases.search_index import parse_search

Box = tuple[float, float, float, float]
"""West, south, east and north in degrees."""


@dataclass(frozen=True, kw_only=True)
class CaseListQuery:
    """A list of cases: `order` is one of `case_orders.ORDERS`, `text` what is searched for.

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
        return CaseListQuery(
            filter=self.filter.shape(),
            text=parse_search(self.text).kind,
            bbox=(0.0, 0.0, 0.0, 0.0) if self.bbox else None,
            order=self.order,
            after=(0,) if self.after else None,
            limited=self.limited,
        )
