"""The findings of axe-core on a page: rules of WCAG 2.2 A and AA that it breaks, at the sizes of a phone and of a desk."""

from pathlib import Path

from playwright.sync_api import CDPSession, Page, ViewportSize

ROOT = Path(__file__).parents[2]
AXE = (ROOT / "static" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
PHONE: ViewportSize = {"width": 390, "height": 844}
NARROW: ViewportSize = {"width": 320, "height": 640}
"""A desk's screen enlarged four times (WCAG 2.2, 1.4.10)."""
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

_KINDS = """() => {
  const colours = ["color", "background-color", "background-image", "opacity", "text-shadow", "filter", "mix-blend-mode", "position"];
  const hashed = (text) => {
    let high = 0xdeadbeef, low = 0x41c6ce57;
    for (let place = 0; place < text.length; place += 1) {
      const unit = text.charCodeAt(place);
      high = Math.imul(high ^ unit, 2654435761);
      low = Math.imul(low ^ unit, 1597334677);
    }
    return (high >>> 0) * 0x200000 + ((low >>> 0) & 0x1fffff);
  };
  const looks = new Map([[null, 0]]);
  const look = (element) => {
    if (!looks.has(element)) {
      const style = getComputedStyle(element), around = look(element.parentElement);
      const state = [element.tagName, element.getAttribute("class"), element.disabled, element.ariaDisabled, element.inert];
      looks.set(element, hashed([around, ...state, ...colours.map((name) => style.getPropertyValue(name))].join(" ")));
    }
    return looks.get(element);
  };
  const kinds = new Map();
  for (const element of document.querySelectorAll("body, body *")) {
    const written = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
    if ((written || ["INPUT", "SELECT", "TEXTAREA"].includes(element.tagName)) && element.checkVisibility({ visibilityProperty: true })) {
      const { fontSize, fontWeight } = getComputedStyle(element), kind = hashed([look(element), fontSize, fontWeight, element.type].join(" "));
      kinds.set(kind, [kinds.get(kind)?.[0] ?? element, element]);
    }
  }
  return kinds;
}"""
"""The texts of a page by what their contrast follows from: how they and all that they stand in look. The first and the last of each kind."""

_RUN = f"""async ({{ tags, kinds }}) => {{
  const texts = ({_KINDS})(), chosen = kinds.flatMap((kind) => texts.get(kind) ?? []);
  for (const text of chosen) text.setAttribute("data-contrast", "");
  axe.configure({{ rules: [{{ id: "color-contrast", selector: "[data-contrast]" }}] }});
  const {{ violations }} = await axe.run(document, {{ runOnly: tags, resultTypes: ["violations"], preload: false }});
  for (const text of chosen) text.removeAttribute("data-contrast");
  return violations.map(
    ({{ id, nodes }}) => `${{id}}: ${{nodes.map(({{ html, failureSummary }}) => `${{html.slice(0, 200)}} ${{failureSummary}}`).join(" | ")}}`);
}}"""

_OVERFLOW = """async (how) => {
  const root = document.documentElement, before = root.dataset.text, sheet = new CSSStyleSheet(), sheets = [...document.adoptedStyleSheets];
  if (how === "with the largest text") root.dataset.text = "largest";
  if (how === "with spaced text") {
    sheet.replaceSync(`
      * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
      p { margin-block-end: 2em !important }`);
    document.adoptedStyleSheets = [...sheets, sheet];
  }
  const toolbars = [...document.querySelectorAll("[role=toolbar]")];
  if (toolbars.length) await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));  // they fit themselves in
  const width = root.clientWidth, wide = root.scrollWidth - width;
  const clipping = (element) => !element || getComputedStyle(element).overflowX !== "visible" ? element : clipping(element.parentElement);
  const cut = toolbars.filter((bar) => bar.getBoundingClientRect().right > (clipping(bar.parentElement) ?? root).getBoundingClientRect().right + 1);
  const clipped = (element) => element && element !== document.body && (getComputedStyle(element).overflowX !== "visible" || clipped(element.parentElement));
  const outside = wide > 0 ? [...document.body.querySelectorAll("*")].filter((element) => {
    const { right, width: own } = element.getBoundingClientRect();
    return own && right > width && !clipped(element.parentElement);
  }) : [];
  document.adoptedStyleSheets = sheets;
  if (before === undefined) delete root.dataset.text; else root.dataset.text = before;
  if (cut.length) return [`cut off ${how}: ${cut[0].cloneNode().outerHTML.slice(0, 120)}`];
  if (wide <= 0) return [];
  return [`scrolls sideways by ${wide} px ${how}: ${outside.slice(-3).map((element) => element.cloneNode().outerHTML.slice(0, 120)).join(" ")}`];
}"""
"""Whether the page scrolls sideways, and what reaches over its edge, or tools over that of their map: as it stands, with text of twice
the size (WCAG 2.2, 1.4.4) or with the spacing that readers may set themselves (1.4.12).
"""


_HEADINGS = """() => {
  const levels = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
    .filter((heading) => heading.checkVisibility({ visibilityProperty: true }))
    .map((heading) => [Number(heading.tagName[1]), heading.textContent.trim().slice(0, 40)]);
  const faults = levels.filter(([level], place) => level > (levels[place - 1]?.[0] ?? level) + 1).map(([level, text]) => `h${level} skips a level: ${text}`);
  const titles = levels.filter(([level]) => level === 1).length;
  return titles === 1 ? faults : [...faults, `${titles} headings of the first level`];
}"""
"""Headings in order, as those who go from one to the next by ear need them."""

_STRUCTURE = """() => {
  const references = "id name for form list headers aria-activedescendant aria-controls aria-describedby aria-labelledby aria-owns".split(" ");
  const words = "href src srcset action formaction value nonce d points transform content alt title placeholder aria-label datetime".split(" ");
  const numbers = new Map();
  const numbered = (name) => numbers.get(name) ?? (numbers.set(name, numbers.size), numbers.size - 1);
  const written = (name, value) => {
    const alike = name === "style" ? value : value.replace(/\\d+/g, "0");
    if (references.includes(name)) return `${name}=${alike.split(/\\s+/).map(numbered)}`;
    return words.includes(name) ? `${name}=${value.trim() && "text"}` : `${name}=${alike}`;
  };
  const structure = (element) => {
    const parts = [...Reflect.get(Element.prototype, "children", element)].map(structure);  // a form may have a question of that name
    const text = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
    const own = [element.tagName, ...element.getAttributeNames().map((name) => written(name, element.getAttribute(name))), text ? "text" : ""];
    return `<${own.join(" ")}>${parts.filter((part, place) => part !== parts[place - 1]).join("")}</>`;
  };
  return structure(document.documentElement);
}"""
"""Elements and attributes, and where there is text, but not what it says nor how things are called, and of rows alike the first:
two pages alike in this are alike to axe.
"""

_FORBID = "Emulation.setScriptExecutionDisabled"

_judged: set[tuple[int, int]] = set()
"""Structures without fault, by width: the same stop of another journey is not judged again."""

_legible: set[tuple[int, int]] = set()
"""Kinds of text with enough contrast, by width: a page shares most of its own with others, and contrast takes axe longest by far."""


def faults_of(page: Page) -> list[str]:
    """Broken rules of the page as it stands, and whether it scrolls sideways, at both sizes; its own size stays."""
    before, structure = page.viewport_size, hash(page.evaluate(_STRUCTURE))
    faults = []
    for size in (PHONE, DESKTOP):
        width = size["width"]
        if (width, structure) in _judged:
            continue
        page.set_viewport_size(size)
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE)
        kinds = {(width, kind) for kind in page.evaluate(f"[...({_KINDS})().keys()]")} - _legible
        broken = (
            page.evaluate(_RUN, {"tags": RULES, "kinds": [kind for _, kind in kinds]})
            + _overflow(page, size)
            + page.evaluate(_HEADINGS)
        )
        if not broken:
            _judged.add((width, structure))
            _legible.update(kinds)
        faults += [f"{page.url} at {width} px: {rule}" for rule in broken]
    if before and page.viewport_size != before:
        page.set_viewport_size(before)
    return faults


def _overflow(page: Page, size: ViewportSize) -> list[str]:
    """The first way in which the page scrolls sideways; pages for residents are read on a phone in every way that WCAG allows a reader."""
    ways = [(size, "")]
    if size == PHONE and not page.locator("html[data-density=desk]").count():
        ways += [(size, "with the largest text"), (size, "with spaced text"), (NARROW, "on 320 px")]
    for window, way in ways:
        if page.viewport_size != window:
            page.set_viewport_size(window)
        if faults := page.evaluate(_OVERFLOW, way):
            return list(faults)
    return []


def faults_without_script(page: Page, debugger: CDPSession) -> list[str]:
    """The same of a page that runs no script: axe is one, so scripts may run while it judges. Those of the page had their time.

    debugger: of this page, kept as long as it, for what it forbids is allowed again when it ends.
    """
    debugger.send(_FORBID, {"value": True})  # to allow what it did not forbid would do nothing
    debugger.send(_FORBID, {"value": False})
    try:
        return faults_of(page)
    finally:
        debugger.send(_FORBID, {"value": True})
