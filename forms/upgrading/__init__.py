"""Definitions written for an earlier version of the language, rewritten for the present one with the same meaning."""

from forms.upgrading.definition import Rewriting, Upgraded, upgrade

#: The version in which definitions are written now: since the second, expressions are exact and two-valued (decision 0034).
LANGUAGE_VERSION = 2

__all__ = ["LANGUAGE_VERSION", "Rewriting", "Upgraded", "upgrade"]
