"""The instance that tests run on: its own folder, its own private PostGIS cluster, three cities with the schemas of the present."""

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

_CHOSEN = os.environ.get("MADOGUCHI_TEST_INSTANCE") or Path(tempfile.gettempdir()) / f"madoguchi-tests-{os.getuid()}"
INSTANCE = Path(_CHOSEN).absolute() / os.environ.get("PYTEST_XDIST_WORKER", "")
"""Test processes that run beside each other have a database each, so that none waits for another's sweeping."""

CITIES = {
    "tachikawa": ("立川市", "タチカワシ", "Tachikawa City", "132021", "立", (139.4137, 35.6978)),
    "mitaka": ("三鷹市", "ミタカシ", "Mitaka City", "132047", "三", (139.5606, 35.7027)),
    "hino": ("日野市", "ヒノシ", "Hino City", "132128", "日", (139.3951, 35.6713)),
}


def point_settings_here() -> None:
    """Before anything of the portal is imported: the environment of the tests."""
    os.environ["MADOGUCHI_INSTANCE_PATH"] = str(INSTANCE)
    os.environ["MADOGUCHI_ENVIRONMENT"] = "test"
    os.environ["MADOGUCHI_DECISION_HOLD_SECONDS"] = "0"  # the tests of holding choose their own
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        if f"TEST_{name}" in os.environ:
            os.environ[name] = os.environ[f"TEST_{name}"]
        else:
            os.environ.pop(name, None)


@cache
def ready() -> None:
    """Bring the cluster up and every schema to the present, once, whichever test process comes first."""
    from portal.core import migrate
    from portal.core.cluster import Cluster
    from portal.core.config import settings
    from portal.core.tenancy import City, create_city

    INSTANCE.mkdir(parents=True, exist_ok=True)
    with (INSTANCE / "ready.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not settings().database_url:
            Cluster(INSTANCE, durable=False).up()
        migrate.upgrade_shared()
        for key, (name, kana, english, code, letter, center) in CITIES.items():
            create_city(
                City(
                    key,
                    name,
                    kana,
                    english,
                    code,
                    letter,
                    f"{key}.localhost",
                    key,
                    "190-8666",
                    "本町1番地",
                    "042-000-0000",
                    center,
                    6677,
                )
            )


@contextmanager
def scratch_city_alone(patience: float = 120) -> Iterator[None]:
    """Hold the city in which tests may commit. A fixture that still holds it elsewhere is an error at once, not a deadlock."""
    INSTANCE.mkdir(parents=True, exist_ok=True, mode=0o755)
    with (INSTANCE / "scratch.lock").open("w") as lock:
        until = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise RuntimeError(
                        "the scratch city is still held: does a wider fixture outlive its folder?"
                    ) from None
                time.sleep(0.05)
        yield
