"""An installation and a browser for the whole run; people with windows of their own for each journey."""

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from portal.demo.people import PEOPLE, email_of
from tests.browser.audit import DESKTOP
from tests.browser.desk import Desk
from tests.browser.mailbox import Mailbox
from tests.browser.people import Staff, sign_in
from tests.browser.visitor import Visitor
from tests.forks import Forks
from tests.installation import Installation

PATIENCE = 15_000  # milliseconds
FAILED = pytest.StashKey[bool]()
FLAGS = ["--disable-gpu", "--in-process-gpu", "--disable-dev-shm-usage", "--force-color-profile=srgb"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is a browser test."""
    for item in items:
        if item.nodeid.startswith("tests/browser/"):
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Lets `visit` know that a journey failed."""
    report = yield
    item.stash.setdefault(FAILED, False)
    item.stash[FAILED] |= report.failed
    return report


@pytest.fixture(scope="session")
def installation(forks: Forks) -> Iterator[Installation]:
    """The programs, started once for this test process."""
    with Installation(f"browser-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}", forks) as running:
        yield running


@pytest.fixture(scope="session")
def publish(installation: Installation) -> Callable[[Path], None]:
    """Publishes a definition in 立川市, as an operator would."""

    def publish_file(definition: Path) -> None:
        status, output = installation.madoguchi("procedure", "publish", "tachikawa", str(definition))
        assert status == 0, output

    return publish_file


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window: the build that brings no pages of its own, which take half the time beside ours. Japanese is
    written with the system's Noto Sans CJK.
    """
    program = shutil.which("chromium-headless-shell")
    assert program, "Chromium is missing: run scripts/setup --tests"
    expect.set_options(timeout=PATIENCE)
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=program, args=flags) as started:
        yield started


@pytest.fixture
def visit(
    browser: Browser, installation: Installation, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[..., Visitor]]:
    """Opens a fresh window at a city: visit("mitaka", java_script_enabled=False). Nothing may have gone wrong in it at the end.

    When the journey fails, pictures of its windows are kept in its temporary folder.
    """
    windows: list[Visitor] = []

    def open_window(city: str = "tachikawa", **options: Any) -> Visitor:
        context = browser.new_context(locale="ja-JP", timezone_id="Asia/Tokyo", **{"viewport": DESKTOP} | options)
        context.set_default_timeout(PATIENCE)
        scripts = options.get("java_script_enabled", True)
        windows.append(Visitor(context, installation.origin(city), (installation.sandbox,), scripts=scripts))
        return windows[-1]

    yield open_window
    for number, window in enumerate(windows):
        if request.node.stash[FAILED]:
            window.page.screenshot(path=tmp_path / f"window-{number}.png")
            print(f"{window.page.url}: {tmp_path / f'window-{number}.png'}")
        window.context.close()
    faults = [fault for window in windows for fault in window.faults]
    assert not faults or request.node.stash[FAILED], "\n".join(faults)


@pytest.fixture(scope="session")
def desks() -> dict[tuple[str, str], Any]:
    """Staff who have signed in already: a code of the authenticator opens the door once only."""
    return {}


@pytest.fixture
def at_desk(visit: Callable[..., Visitor], desks: dict[tuple[str, str], Any]) -> Callable[..., Visitor]:
    """Opens a window of a member of staff, signed in: at_desk("takahashi")."""

    def open_desk(person: Staff = "takahashi", city: str = "tachikawa", **options: Any) -> Visitor:
        if (city, person) in desks:
            return visit(city, storage_state=desks[city, person], **options)
        window = visit(city, **options)
        sign_in(window, person, city)
        desks[city, person] = window.context.storage_state()
        return window

    return open_desk


@pytest.fixture
def desk_of(at_desk: Callable[..., Visitor], installation: Installation) -> Iterator[Callable[..., Desk]]:
    """Opens the desk as somebody who takes in and decides for one department of 立川市 alone, or has other roles there besides:
    desk_of("disaster", "inspector"). At the end they do what they did before.
    """
    person: Staff = "yamamoto"
    member = next(each for each in PEOPLE if each.local_part == person)
    window = at_desk(person)

    def take_on(*roles: str) -> None:
        named = [part for role in roles for part in ("--role", role)]
        status, output = installation.madoguchi("staff", "roles", "tachikawa", email_of(member, "tachikawa"), *named)
        assert status == 0, output

    def open_desk(department: str, *others: str) -> Desk:
        take_on(*(f"{department}:{role}" for role in ("clerk", "decider", *others)))
        return Desk(window)

    yield open_desk
    take_on(*(f"{department}:{role}" for department, roles in member.roles.items() for role in roles))


@pytest.fixture
def mailbox(installation: Installation) -> Mailbox:
    """The mails that arrived in the sandbox."""
    return Mailbox(installation.sandbox)
