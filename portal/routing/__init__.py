"""Plans that residents keep: a link that nobody can guess opens one, until it ends by itself or is ended.

This package's `__all__` is what others may use; its table is read and written here alone.
"""

from portal.routing.links import LINK_LIFE, LinkedPlan, end_link, make_link, plan_of_link
from portal.routing.models import KeptPlan

__all__ = ["LINK_LIFE", "KeptPlan", "LinkedPlan", "end_link", "make_link", "plan_of_link"]
