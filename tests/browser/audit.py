"""What axe-core says of a page: rules of WCAG 2.2 A and AA that it breaks, at the sizes of a phone and of a desk."""

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


def faults_of(page: Page) -> list[str]:
    """Broken rules of the page as it stands, and whether it scrolls sideways, at both sizes; its own size stays."""
    before = page.viewport_size
    found = []
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE)
        found += [f"{page.url} at {size['width']} px: {broken}" for broken in page.evaluate(_RUN, RULES)]
    if before:
        page.set_viewport_size(before)
    return found


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
