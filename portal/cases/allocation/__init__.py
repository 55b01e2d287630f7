"""Who works on which case: handing cases over to another department, and how much is on whose desk."""

from portal.cases.allocation.transfers import (
    hold_departments,
    possible_departments,
    transfer,
)
from portal.cases.allocation.workload import Workload, suggested, workloads
from portal.cases.transfer_reading import OfficeChange, transfers_from, transfers_of_case

__all__ = [
    "OfficeChange",
    "Workload",
    "hold_departments",
    "possible_departments",
    "suggested",
    "transfer",
    "transfers_from",
    "transfers_of_case",
    "workloads",
]
