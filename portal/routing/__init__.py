"""Plans that residents keep: under a link that nobody can guess, or in their account, until they end by themselves or are ended.

This package's `__all__` is what others may use; its table is read and written here alone.
"""

from portal.routing.accounts import (
    AccountPlan,
    change_plan,
    end_links_of_account,
    has_links,
    keep_plan,
    plans_of_account,
    remove_plan,
)
from portal.routing.links import LINK_LIFE, LinkedPlan, end_link, make_link, plan_of_link
from portal.routing.models import KeptPlan

__all__ = [
    "LINK_LIFE",
    "AccountPlan",
    "KeptPlan",
    "LinkedPlan",
    "change_plan",
    "end_link",
    "end_links_of_account",
    "has_links",
    "keep_plan",
    "make_link",
    "plan_of_link",
    "plans_of_account",
    "remove_plan",
]
