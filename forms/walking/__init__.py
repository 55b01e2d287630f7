"""Walks through a definition as residents would, to find what they would run into."""

from forms.walking.coverage import DeadEnd, Outcomes, Walk
from forms.walking.walk import walk

__all__ = ["DeadEnd", "Outcomes", "Walk", "walk"]
