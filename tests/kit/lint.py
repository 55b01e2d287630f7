"""What must hold on every page: it has a name, its inputs have labels, its links lead somewhere, and nothing unfinished is read on it.

A page is a whole document; a fragment, as htmx asks for, joins a page that is there, so that what it refers to may be on that page.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from lxml import html
from lxml.html import HtmlElement
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

_UNFINISHED = re.compile(
    r"\{\{|\}\}|\{%|%\}|%\(\w+\)s|\{[a-z_]+\}|^\s*(?:None|undefined|NaN|\[\]|\{\})\s*$|<\w+ object at", re.MULTILINE
)
_VERBATIM = {"script", "style", "textarea", "pre", "code"}
_TEXTS = "//text() | //@placeholder | //@title | //@alt | //@aria-label | //input[@type='submit']/@value"
_INPUTS = ("input", "select", "textarea")
_SPEAKING = ("a", "button", "h1", "h2", "h3", "label", "legend")
_SILENT = {"hidden", "submit", "button", "reset", "image"}
_REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "aria-owns", "form", "list")
_APART = "no-form"
"""As the form of an input: it stands within a form and does not belong to it."""
_ADDRESSES = {"href": "GET", "src": "GET", "hx-get": "GET", "hx-post": "POST"}


class Routes:
    """Where the addresses of a portal lead."""

    def __init__(self, app: Flask) -> None:
        self._rules = app.url_map.bind("lint.localhost")
        self._known: dict[tuple[str, str], bool] = {}

    @cached_property
    def complete(self) -> bool:
        """Whether this portal has all its pages: a test may set up some of them, whose links lead to the others."""
        return self.lead("GET", "/procedures")

    def lead(self, method: str, path: str) -> bool:
        """Whether a route takes a method at a path."""
        if (method, path) not in self._known:
            try:
                self._rules.match(path, method)
                self._known[method, path] = True
            except RequestRedirect:
                self._known[method, path] = True
            except HTTPException:
                self._known[method, path] = False
        return self._known[method, path]


def faults(text: str, address: str, routes: Routes, *, posted: bool = False, odd: bool = False) -> list[str]:
    """What is wrong with the page or fragment found at an address, each in a sentence.

    posted: it answers a form, so its own address may be none that can be asked for. odd: the reader typed what nobody would, and the page may repeat it.
    """
    whole = "<html" in text[:1000]
    root = html.document_fromstring(text) if whole else html.fragment_fromstring(text, create_parent=True)
    for template in root.findall(".//template"):
        template.drop_tree()
    ids = Counter(root.xpath("//@id"))
    wrong = [f"the id {name!r} is given {count} times" for name, count in ids.items() if count > 1]
    wrong += [f"the id {name!r} is no id" for name in ids if not name or " " in name]
    wrong += _nameless(root)
    if not odd:
        wrong += _unfinished(root)
    if routes.complete and not odd:
        wrong += _astray(root, address, routes, posted=posted)
    if whole:
        wrong += _frame(root)
        wrong += _dangling(root, set(ids))
    return wrong


def _frame(root: HtmlElement) -> Iterator[str]:
    """What a document needs."""
    if not root.findtext("head/title", "").strip():
        yield "there is no title"
    if not root.get("lang"):
        yield "it does not say its language"
    headings = [heading.text_content().strip() for heading in root.iter("h1")]
    if len(headings) != 1:
        yield f"there are {len(headings)} h1: {headings}"


def _nameless(root: HtmlElement) -> Iterator[str]:
    """Inputs, buttons, links, headings and pictures whose purpose a screen reader cannot say."""
    labelled = set(root.xpath("//label/@for"))
    for element in root.iter(*_INPUTS):
        named = _is_named(element) or element.get("type") in _SILENT or element.get("id") in labelled
        if not named and not element.xpath("ancestor::label"):
            yield f"<{element.tag} name={element.get('name')!r}> has no label"
    for element in root.iter(*_SPEAKING):
        silent = not (element.text or "").strip() and not element.text_content().strip()
        if silent and not _is_named(element) and not element.xpath("@hidden | .//img/@alt | .//@aria-label"):
            yield f"<{element.tag} class={element.get('class')!r}> has no text"
    for element in root.iter("img"):
        if element.get("alt") is None:
            yield f"the picture {element.get('src')!r} has no alt"


def _is_named(element: HtmlElement) -> bool:
    return bool(element.get("aria-label", "").strip() or element.get("aria-labelledby"))


def _unfinished(root: HtmlElement) -> Iterator[str]:
    """Text with an unfilled placeholder, or written by a program rather than for readers."""
    for text in root.xpath(_TEXTS):
        if _UNFINISHED.search(text) and not _is_verbatim(text):  # the second is dear, and seldom needed
            yield f"there is to be read: {text.strip()[:80]!r}"


def _is_verbatim(text: Any) -> bool:
    """Whether a text (of lxml, which knows its element) is shown as it was written, or not at all."""
    if text.is_attribute:
        return False
    element = text.getparent().getparent() if text.is_tail else text.getparent()
    return any(each.tag in _VERBATIM for each in (element, *element.iterancestors()))


def _astray(root: HtmlElement, address: str, routes: Routes, *, posted: bool) -> Iterator[str]:
    """Links, forms and requests of scripts that no route answers."""
    places = [(element, name, method) for name, method in _ADDRESSES.items() for element in root.xpath(f"//*[@{name}]")]
    places += [(form, "action", _method(form)) for form in root.iter("form")]
    places += [(button, "formaction", _method(button)) for button in root.xpath("//*[@formaction]")]
    for element, name, method in places:
        url = element.get(name, "")
        if url[:1] in ({"#"} if posted else {"#", "?"}):  # the present page again
            continue
        parts = urlsplit(urljoin(address, url))
        if not parts.scheme and not parts.netloc and not routes.lead(method, parts.path):
            yield f"<{element.tag} {name}={url!r}> leads nowhere ({method})"


def _method(element: HtmlElement) -> str:
    """The method with which a form, or a button of one, asks for an address. A button that names its form by its id posts."""
    if element.get("form"):
        return "POST"
    form = next((each for each in (element, *element.iterancestors("form")) if each.tag == "form"), None)
    return (element.get("formmethod") or (form.get("method", "get") if form is not None else "post")).upper()


def _dangling(root: HtmlElement, ids: set[str]) -> Iterator[str]:
    """References to elements that are not there."""
    for name in _REFERENCES:
        for targets in root.xpath(f"//@{name}"):
            for target in set(targets.split()) - ids - {_APART}:
                yield f"{name}={target!r} refers to nothing"
    for target in root.xpath("//a[starts-with(@href, '#')]/@href"):
        if target[1:] and target[1:] not in ids:
            yield f"<a href={target!r}> leads to nothing on the page"
