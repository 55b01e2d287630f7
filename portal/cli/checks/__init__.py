"""What `madoguchi doctor` looks at: the machine, the database, what was recorded and uploaded, the services around them. Each check is a function."""

from portal.cli.checks.archive import ARCHIVE_CHECKS
from portal.cli.checks.database import DATABASE_CHECKS
from portal.cli.checks.finding import Check, Finding, look
from portal.cli.checks.machine import MACHINE_CHECKS
from portal.cli.checks.records import RECORD_CHECKS
from portal.cli.checks.services import SERVICE_CHECKS
from portal.cli.checks.uploads import UPLOAD_CHECKS

ALL_CHECKS: tuple[Check, ...] = (
    *MACHINE_CHECKS,
    *DATABASE_CHECKS,
    *ARCHIVE_CHECKS,
    *RECORD_CHECKS,
    *UPLOAD_CHECKS,
    *SERVICE_CHECKS,
)

__all__ = ["ALL_CHECKS", "Check", "Finding", "look"]
