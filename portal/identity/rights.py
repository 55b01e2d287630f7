"""The roles that staff have in departments, and who may manage staff. Each capability says which roles hold its rights."""

from portal.core.access import declare_rights

ROLES = {
    "clerk": "受付・審査",
    "decider": "決定",
    "cashier": "出納",
    "inspector": "現地確認",
    "publisher": "手続きの公開",
    "admin": "管理者",
}
"""Every role with its title."""

declare_rights({"staff.manage": ("admin",)})
