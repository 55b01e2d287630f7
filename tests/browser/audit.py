"""The findings of axe-core on a page: rules of WCAG 2.2 A and AA that it breaks, at the sizes of a phone and of a desk."""

from pathlib import Path

from playwright.sync_api import Page, Route, ViewportSize

ROOT = Path(__file__).parents[2]
AXE = (ROOT / "static" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

_RUN = """async (tags) => {
  const { violations } = await axe.run(document, { runOnly: tags, resultTypes: ["violations"], preload: false });
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  return violations
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary}`).join(" | ")}`)
    .concat(wide > 0 ? [`scrolls sideways by ${wide} px`] : []);
}"""


_STRUCTURE = """() => [...document.querySelectorAll("*")].map((element) => [
  element.tagName,
  ...[...element.attributes]
    .filter(({ name }) => !["href", "src", "action", "value", "nonce", "d", "points", "transform"].includes(name))
    .map(({ name, value }) => `${name}=${name === "style" ? value : value.replace(/\\d+/g, "0")}`),
  [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim()) ? "text" : "",
].join(" ")).join("\\n")"""
"""Elements and attributes, and where there is text, but not what it says: two pages alike in this are alike to axe."""

_judged: set[tuple[int, int]] = set()
"""Structures without fault, by width: the same stop of another journey is not judged again."""


def faults_of(page: Page) -> list[str]:
    """Broken rules of the page as it stands, and whether it scrolls sideways, at both sizes; its own size stays."""
    before, structure = page.viewport_size, hash(page.evaluate(_STRUCTURE))
    faults = []
    for size in (PHONE, DESKTOP):
        if (size["width"], structure) in _judged:
            continue
        page.set_viewport_size(size)
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE)
        broken = page.evaluate(_RUN, RULES)
        if not broken:
            _judged.add((size["width"], structure))
        faults += [f"{page.url} at {size['width']} px: {rule}" for rule in broken]
    if before and page.viewport_size != before:
        page.set_viewport_size(before)
    return faults


def faults_without_script(page: Page) -> list[str]:
    """The same of a page that runs no script: axe is one, so it judges the same text in a window where only axe may run."""
    text = page.content()
    assert page.context.browser

    def answer(route: Route) -> None:
        kind = route.request.resource_type
        if kind == "document":
            route.fulfill(body=text.replace("<noscript>", "").replace("</noscript>", ""), content_type="text/html")
        elif kind == "script":
            route.abort()
        else:
            route.continue_()

    with page.context.browser.new_context(viewport=DESKTOP) as context:
        context.route("**/*", answer)
        copy = context.new_page()
        copy.goto(page.url)
        return faults_of(copy)
