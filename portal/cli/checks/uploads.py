"""Checks of uploaded files: how many wait for the scanner, and how much room those of unsent applications take."""

from portal.cli.checks.finding import Check, Finding

_NEARLY = 0.8


def waiting_files() -> Finding:
    """Every file met a scanner, or came within the last minutes. Staff cannot open one that waits."""
    from portal.cli.checks.database import refuse_stopped

    refuse_stopped()
    from portal.core.database import city_session
    from portal.core.tenancy import cities
    from portal.files import waiting_for_scanner

    waiting = {}
    for city in cities():
        with city_session(city.key) as session:
            waiting[city.key] = waiting_for_scanner(session)
    late = {key: count for key, (count, is_late) in waiting.items() if count and is_late}
    if late:
        each = ", ".join(f"{key}: {count:,}" for key, count in late.items())
        fix = "set up the virus scanner and run madoguchi worker; it takes up what waits automatically"
        return Finding("waiting files", "advice", f"{sum(late.values()):,} wait for the scanner ({each})", fix)
    count = sum(count for count, _late in waiting.values())
    return Finding(
        "waiting files", "ok", f"{count:,} wait since a moment ago" if count else "none waits for the scanner"
    )


def unsent_files() -> Finding:
    """Files of unsent applications leave room for more in every city."""
    from portal.cli.checks.database import refuse_stopped

    refuse_stopped()
    from portal.core.config import settings
    from portal.core.database import city_session
    from portal.core.tenancy import cities
    from portal.files import unsent_bytes

    most = settings().quota_unsent_megabytes
    used = {}
    for city in cities():
        with city_session(city.key) as session:
            used[city.key] = unsent_bytes(session) // 1_000_000
    full = ", ".join(f"{key}: {megabytes:,} MB" for key, megabytes in used.items() if megabytes > most * _NEARLY)
    if full:
        fix = "look for a flood in the proxy's log, or raise MADOGUCHI_QUOTA_UNSENT_MEGABYTES"
        return Finding("unsent files", "advice", f"nearly {most:,} MB in unsent applications ({full})", fix)
    return Finding("unsent files", "ok", f"{max(used.values(), default=0):,} of {most:,} MB at most in a city")


UPLOAD_CHECKS: tuple[Check, ...] = (waiting_files, unsent_files)
