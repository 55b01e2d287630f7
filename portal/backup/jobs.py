"""A base of the private cluster each day."""

from datetime import timedelta

from portal.backup.bases import take_base
from portal.core.clock import now
from portal.core.config import settings
from portal.core.database import engine, private_cluster
from portal.core.jobs import periodic

_A_DAY = timedelta(hours=24)


@periodic("*/10 * * * *", "backup.take_base")
def take_daily_base() -> None:
    """Take one when there is none of this cluster, when the newest is a day old, or when the archive has a gap since."""
    if settings().database_url:
        return
    with engine().connect() as connection:
        if connection.exec_driver_sql("SHOW archive_mode").scalar() != "on":
            return  # started by a version that did not archive
    archive = private_cluster().archive
    bases = archive.bases()
    if not bases or archive.gap or bases[-1].at < now() - _A_DAY:
        take_base()
