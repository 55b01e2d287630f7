"""That nobody altered the past, and who did what: the chain of a city's events is followed from its beginning each night, and its trail is read."""

from portal.audit import events, rights, runs
from portal.audit.actions import last_check
from portal.audit.models import AuditCheck, AuditRun
from portal.audit.trail import Histories, Position, TrailPage, TrailQuery, every_event, read_trail

__all__ = [
    "AuditCheck",
    "AuditRun",
    "Histories",
    "Position",
    "TrailPage",
    "TrailQuery",
    "events",
    "every_event",
    "last_check",
    "read_trail",
    "rights",
    "runs",
]
