"""What a browser loads of a page that it has never seen, and how long somebody with a slow phone waits: headless Chromium, by its own protocol.

Bytes are those on the wire, compressed and with their headers, of a browser with an empty cache. Largest paint, layout shift and interactions are
measured with the slow 4G of Lighthouse as it has DevTools make it (of 150 ms a round trip and 1.6 Mbit/s, 562.5 ms for each request and 1.44 Mbit/s) and a
processor four times slower: medians of a few visits. The latency stands for looking the name up, connecting and asking; later requests would not pay it whole.
"""

import shutil
import statistics
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from tests.bench.client import WrongAnswer
from tests.bench.ground import CITY

HEAD = (
    "browser: kB on the wire by kind; with a slow network and processor the largest paint (ms) and of what, the sum of layout shifts, and the\n"
    "longest interaction (ms)\n"
    f"{'':<20}{'page':>7}{'styles':>8}{'scripts':>8}{'fonts':>7}{'other':>7}{'all':>7} |{'paint':>8}{'shift':>7}{'press':>7}  painted"
)
_VISITS = 3
_PHONE: ViewportSize = {"width": 390, "height": 844}
_DESK: ViewportSize = {"width": 1440, "height": 900}
_FLAGS = ("--no-sandbox", "--disable-gpu", "--in-process-gpu", "--disable-dev-shm-usage")
_SLOW_4G = {
    "offline": False,
    "latency": 562.5,
    "downloadThroughput": 180_000,
    "uploadThroughput": 84_375,
}  # bytes a second
_SLOWER_PROCESSOR = 4
_KINDS = {"Document": "page", "Stylesheet": "styles", "Script": "scripts", "Font": "fonts"}
_COLUMNS = {"page": 7, "styles": 8, "scripts": 8, "fonts": 7, "other": 7}
_LATE = 2_000
"""How long one waits for what only comes after the network has been still, such as the tiles of a map, in milliseconds."""
_OBSERVE = """
    window.seen = { paint: 0, shift: 0, press: 0, painted: "" };
    const name = (element) => element ? `${element.localName}.${element.className}`.slice(0, 24) : "";
    const observe = (type, take, more = {}) =>
        new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true, ...more });
    observe("largest-contentful-paint", ({ startTime, element }) => { seen.paint = startTime; seen.painted = name(element); });
    observe("layout-shift", (entry) => { if (!entry.hadRecentInput) seen.shift += entry.value; });
    observe("event", (entry) => { if (entry.interactionId) seen.press = Math.max(seen.press, entry.duration); }, { durationThreshold: 16 });
"""


@dataclass(frozen=True)
class View:
    """A page as somebody comes to it, with the cookie of a visit; `interact` does there what people do."""

    name: str
    path: str
    token: str = ""
    size: ViewportSize = field(default_factory=lambda: _PHONE)
    interact: Callable[[Page], None] | None = None


def _draw(page: Page) -> None:
    """An area on the map of a step, corner by corner."""
    page.locator("[data-tool=draw]").click()
    box = page.locator(".leaflet-container").bounding_box()
    assert box is not None
    for across, down in ((0.3, 0.4), (0.6, 0.4), (0.6, 0.6), (0.3, 0.6)):
        page.mouse.click(box["x"] + box["width"] * across, box["y"] + box["height"] * down)


def _read_cases(page: Page) -> None:
    """Two cases of the list, one after the other, and a filter."""
    for number in (0, 1):
        page.locator("a.case").nth(number).click()
        page.wait_for_load_state("networkidle")


def views(draft: str, draft_token: str, staff: str) -> list[View]:
    """The first page that residents meet, a procedure, the step with a map of that application, and the desk of that clerk."""
    return [
        View("home", "/"),
        View("a procedure", "/procedures/road-occupancy"),
        View("a step with a map", f"/apply/d/{draft}/place", draft_token, interact=_draw),
        View("the desk", "/desk", staff, _DESK, interact=_read_cases),
    ]


def lines(port: int, views_seen: list[View]) -> Iterator[str]:
    """A line for each view."""
    origin = f"http://{CITY}.localhost:{port}"
    with _chromium() as browser:
        for view in views_seen:
            loaded = _wire(browser, origin, view)
            slow = [_slow(browser, origin, view) for _visit in range(_VISITS)]
            paint, shift, press = (
                statistics.median(each[name] for each in slow) for name in ("paint", "shift", "press")
            )
            parts = "".join(f"{loaded[kind] / 1000:>{width}.0f}" for kind, width in _COLUMNS.items())
            figures = f"{loaded.total() / 1000:>7.0f} |{paint:>8.0f}{shift:>7.3f}" + (
                f"{press:>7.0f}" if press else " " * 7
            )
            figures += f"  {slow[-1]['painted']}"
            yield f"{view.name:<20}{parts}{figures}"


@contextmanager
def _chromium() -> Iterator[Browser]:
    program = shutil.which("chromium-headless-shell")
    if program is None:
        raise SystemExit("Chromium is missing: run scripts/setup --tests")
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=program, args=_FLAGS) as browser:
        yield browser


@contextmanager
def _window(browser: Browser, origin: str, view: View) -> Iterator[Page]:
    """A window whose browser has never been here, but for the cookie."""
    context: BrowserContext = browser.new_context(locale="ja-JP", timezone_id="Asia/Tokyo", viewport=view.size)
    if view.token:
        context.add_cookies([{"name": "madoguchi", "value": view.token, "url": origin}])
    context.add_init_script(_OBSERVE)
    try:
        yield context.new_page()
    finally:
        context.close()


def _wire(browser: Browser, origin: str, view: View) -> "Counter[str]":
    """Bytes on the wire by kind of what was loaded, until nothing more came."""
    kinds: dict[str, str] = {}
    loaded: Counter[str] = Counter()

    def finished(event: Any) -> None:
        loaded[kinds.get(event["requestId"], "other")] += event["encodedDataLength"]

    with _window(browser, origin, view) as page:
        protocol = page.context.new_cdp_session(page)
        protocol.on(
            "Network.responseReceived",
            lambda event: kinds.update({event["requestId"]: _KINDS.get(event["type"], "other")}),
        )
        protocol.on("Network.loadingFinished", finished)
        protocol.send("Network.enable")
        _open(page, origin, view)
        page.wait_for_timeout(_LATE)
    return loaded


def _slow(browser: Browser, origin: str, view: View) -> dict[str, Any]:
    """What one visit by a slow phone saw."""
    with _window(browser, origin, view) as page:
        protocol = page.context.new_cdp_session(page)
        protocol.send("Network.enable")
        protocol.send("Network.emulateNetworkConditions", _SLOW_4G)
        protocol.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER_PROCESSOR})
        _open(page, origin, view)
        shown: dict[str, Any] = page.evaluate("seen")
        if view.interact:
            view.interact(page)
            page.wait_for_timeout(500)  # entries come a frame after what they are about
            shown["press"] = page.evaluate("seen.press")
    return shown


def _open(page: Page, origin: str, view: View) -> None:
    answer = page.goto(origin + view.path, wait_until="networkidle", timeout=120_000)
    if answer is None or answer.status != 200 or page.url != origin + view.path:
        raise WrongAnswer(f"{view.path}: {answer and answer.status} {page.url}")
