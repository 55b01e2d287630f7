"""Who may manage staff. Each capability says which of the roles hold its rights."""

from common.roles import ROLES
from portal.core.access import declare_rights

__all__ = ["ROLES"]

declare_rights({"staff.manage": ("admin",)})
