"""The staff desk: list, map and drawer of the same cases under one filter, and everything that staff do with a case.

A front door: pages and forms only. What may be done is decided by `cases`, what may be seen by the roles in its department.
"""

from portal.desk import events

__all__ = ["events"]
