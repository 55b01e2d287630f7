"""Procedures that are applied for together: one form that asks each question once, and the share of each in the answers.

`compose` makes the form, a `Composition`, which `forms.evaluate` and `forms.read_step` take like any definition. Its `split` and
`join` lead from the answers of the whole to those of each procedure and back.
"""

from forms.bundling.composing import compose
from forms.bundling.composition import Composition, Member

__all__ = ["Composition", "Member", "compose"]
