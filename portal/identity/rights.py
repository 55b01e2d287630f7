"""Who may manage staff. Each capability says which of the roles hold its rights."""

from common.roles import ROLES
from portal.core.access import Right, declare_rights

__all__ = ["ROLES"]

# Not to be carried by a city's own role: who manages staff is seen from the role alone, and one administrator must always be left.
declare_rights({"staff.manage": Right("職員と役割の管理", ("admin",), grantable=False)})
