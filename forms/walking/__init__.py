"""Walks through a definition as residents would, to find what they would run into."""

from forms.walking.coverage import Coverage, DeadEnd, Outcomes
from forms.walking.walk import walk

__all__ = ["Coverage", "DeadEnd", "Outcomes", "walk"]
