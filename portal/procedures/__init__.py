"""Procedures as the database keeps them: which are offered, which definition a case is pinned to, how a version is saved and published.

Others may use `queries.offers`, `queries.offer`, `definitions.definition_of` and the verbs of `actions`.
"""

from portal.procedures import rights

__all__ = ["rights"]
