"""That nobody altered the past: the chain of a city's events is followed from its beginning each night, and its end is written down outside."""

from portal.audit import events

__all__ = ["events"]
