"""Neighbours of a place: the addresses within so many metres, frozen as a list with the purpose for which it was made, and taken along.

Addresses come from the city's address points, or from a layer of buildings or parcels that names its property of addresses. No list
knows who lives there. What is done with a list is part of the history of its case.
"""

from portal.cases.neighbours.files import missing_characters, neighbours_csv
from portal.cases.neighbours.labels import (
    MAKE_LABELS,
    labels_context,
    labels_of_list,
    labels_pdf,
    make_labels,
    request_labels,
)
from portal.cases.neighbours.lists import (
    MAX_PURPOSE,
    Neighbours,
    Source,
    exclude_neighbours,
    forget_spots,
    included,
    list_neighbours,
    neighbour_list,
    neighbour_lists_of_case,
    neighbour_sources,
)
from portal.cases.neighbours.models import NeighbourLabels, NeighbourList

__all__ = [
    "MAKE_LABELS",
    "MAX_PURPOSE",
    "NeighbourLabels",
    "NeighbourList",
    "Neighbours",
    "Source",
    "exclude_neighbours",
    "forget_spots",
    "included",
    "labels_context",
    "labels_of_list",
    "labels_pdf",
    "list_neighbours",
    "make_labels",
    "missing_characters",
    "neighbour_list",
    "neighbour_lists_of_case",
    "neighbour_sources",
    "neighbours_csv",
    "request_labels",
]
