"""Check of the private cluster's archive: what happens now could be brought back."""

from datetime import timedelta

from portal.cli.checks.finding import Check, Finding

_OLD = timedelta(days=2)
_FAILING = """
SELECT archived_count, coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false), last_failed_wal FROM pg_stat_archiver
"""


def log_archive() -> Finding:
    """The write-ahead log is archived without a gap, upon a base that is not old."""
    from portal.core.config import settings

    if settings().database_url:
        return Finding("log archive", "ok", "left to the administrators of the database server")
    from portal.cli.checks.database import refuse_stopped

    refuse_stopped()
    from portal.core.clock import now
    from portal.core.database import engine, private_cluster

    take = "run madoguchi worker as a service, or madoguchi backup --base"
    with engine().connect() as connection:
        if connection.exec_driver_sql("SHOW archive_mode").scalar() != "on":
            fix = "restart it: madoguchi db down, then madoguchi db up"
            return Finding("log archive", "advice", "the private cluster runs without an archive", fix)
        count, is_failing, segment = connection.exec_driver_sql(_FAILING).one()
    archive = private_cluster().archive
    if is_failing:
        fix = f"see that {archive.folder} has room and belongs to the database's account; the database's log says why"
        return Finding("log archive", "problem", f"{segment} could not be archived", fix)
    if archive.gap:
        fix = "run madoguchi backup --base; until then only what came before can be brought back"
        return Finding("log archive", "problem", f"has a gap at {archive.gap}, for it had failed too long", fix)
    hole = archive.hole()
    if hole is not None:
        fix = f"put it back into {archive.folder / 'wal'}, or run madoguchi backup --base"
        return Finding("log archive", "problem", f"{hole}; what came after it cannot be brought back", fix)
    bases = archive.bases()
    if not bases:
        return Finding("log archive", "advice", "has no base yet, so nothing can be brought back from it", take)
    newest = f"{bases[-1].at:%Y-%m-%d %H:%M} UTC"
    if bases[-1].at < now() - _OLD:
        return Finding("log archive", "problem", f"the newest base is of {newest}", take)
    return Finding(
        "log archive", "ok", f"{len(bases)} bases, the newest of {newest}; {count:,} segments since it was started"
    )


ARCHIVE_CHECKS: tuple[Check, ...] = (log_archive,)
