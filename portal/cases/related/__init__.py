"""Cases that have to do with each other: of the same person, at the same place, about the same thing; and those that are joined."""

from portal.cases.join_models import join_counts
from portal.cases.related.finding import METRES, RelatedCase, RelatedCases, related_cases
from portal.cases.related.following import FOLLOW_LEAD, follow_lead
from portal.cases.related.joins import Joined, join, joined_with, separate
from portal.cases.related.rules import may_be_joined

__all__ = [
    "FOLLOW_LEAD",
    "METRES",
    "Joined",
    "RelatedCase",
    "RelatedCases",
    "follow_lead",
    "join",
    "join_counts",
    "joined_with",
    "may_be_joined",
    "related_cases",
    "separate",
]
