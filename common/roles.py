"""The roles that staff have in departments: the doers that workflows name."""

from collections.abc import Mapping
from typing import Final

ROLES: Final[Mapping[str, str]] = {
    "clerk": "受付・審査",
    "decider": "決定",
    "cashier": "出納",
    "inspector": "現地確認",
    "publisher": "手続きの公開",
    "accountant": "会計",
    "auditor": "監査",
    "admin": "管理者",
}
"""Every role with its title."""
