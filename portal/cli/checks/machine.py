"""Checks of the machine: packages, programs, files."""

import platform
import re
import shutil
import stat
from importlib import metadata

from portal.cli.checks.finding import Check, Finding

SETUP = "run scripts/setup"
MIN_FREE_BYTES = 1 << 30


def python_packages() -> Finding:
    """Every package that the portal names as a dependency is installed."""
    missing = []
    for requirement in metadata.requires("madoguchi") or ():
        name = re.match(r"[A-Za-z0-9._-]+", requirement)
        if name is None or "extra ==" in requirement:
            continue
        try:
            metadata.version(name.group())
        except metadata.PackageNotFoundError:
            missing.append(name.group())
    if missing:
        return Finding("python packages", "problem", "missing: " + ", ".join(missing), SETUP)
    return Finding("python packages", "ok", f"all there, Python {platform.python_version()}")


def settings() -> Finding:
    """The settings can be read and go together."""
    from portal.core.config import settings as read

    chosen = read()
    kind = f"{chosen.environment}, {chosen.public_scheme}://{chosen.base_host}, side {chosen.side}"
    if chosen.environment == "production" and not chosen.trusted_proxies:
        return Finding(
            "settings", "advice", kind, "set MADOGUCHI_TRUSTED_PROXIES to the number of reverse proxies in front"
        )
    return Finding("settings", "ok", kind)


def instance_folder() -> Finding:
    """The folder of keys exists, is closed to others and has room."""
    from portal.core.config import settings as read

    folder = read().instance_path
    if not folder.is_dir():
        return Finding("instance folder", "problem", f"{folder} does not exist", "run madoguchi init")
    keys = [path for path in (folder / "keys").glob("*") if path.is_file()]
    if not keys:
        return Finding("instance folder", "problem", f"no keys in {folder}", "run madoguchi init, or restore them")
    loose = [path for path in keys if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    if loose:
        names = " ".join(map(str, loose))
        return Finding("instance folder", "problem", "keys that others may read", f"chmod 600 {names}")
    if shutil.disk_usage(folder).free < MIN_FREE_BYTES:
        return Finding("instance folder", "advice", f"less than 1 GiB free for {folder}", "make room")
    return Finding("instance folder", "ok", str(folder))


def file_types() -> Finding:
    """libmagic recognises a file by its content."""
    try:
        import magic

        media_type = magic.from_buffer(b"%PDF-1.4\n", mime=True)
    except ImportError as error:
        return Finding("file types", "problem", str(error), "apt-get install libmagic1")
    level: bool = media_type == "application/pdf"
    return Finding("file types", "ok" if level else "problem", f"a PDF is {media_type}", "" if level else SETUP)


def static_files() -> Finding:
    """Style sheets and scripts were built."""
    from portal.core.assets import manifest

    built = manifest()
    if not built:
        return Finding("static files", "problem", "static/dist is empty", SETUP)
    return Finding("static files", "ok", f"{len(built)} built")


MACHINE_CHECKS: tuple[Check, ...] = (python_packages, settings, instance_folder, file_types, static_files)
