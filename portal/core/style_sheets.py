"""How a page gets its style sheets: by a link, or written into it for somebody who comes from elsewhere and so has none of them yet.

A linked sheet costs a first visit a round trip more before anything is shown, which is half a second on a slow phone. Whoever goes from one of our
pages to the next has the sheets. Browsers tell the two apart in `Sec-Fetch-Site` (Fetch Metadata), so no cookie is needed for it.
"""

import re
from functools import cache

from flask import Flask, request
from markupsafe import Markup

from portal.core.assets import STATIC, manifest, static_url
from portal.core.compression import is_compressible
from portal.core.security import csp_nonce

_FROM_ELSEWHERE = frozenset({"none", "cross-site", "same-site"})
"""What `Sec-Fetch-Site` says of a typed address, a bookmark, a letter and a link on another site; each city is a site of its own."""


def style_sheet(name: str) -> Markup:
    """The elements that a page has in its head for a built style sheet, for example `app.css`.

    Where the sheet stands in the page it is loaded beside it (`media="not all"` holds nothing up), so that the next page finds it.
    """
    href = static_url(f"dist/{name}")
    if not _comes_from_elsewhere():
        return Markup('<link rel="stylesheet" href="{}">').format(href)
    return Markup('<style nonce="{}">{}</style><link rel="stylesheet" href="{}" media="not all">').format(
        csp_nonce(), _content(manifest().get(name, name), href.rpartition("/")[0]), href
    )


def _comes_from_elsewhere() -> bool:
    """Only in an answer that is sent compressed, where the sheet takes little more than its link would load."""
    return request.headers.get("Sec-Fetch-Site") in _FROM_ELSEWHERE and is_compressible()


@cache
def _content(filename: str, folder: str) -> Markup:
    """A built sheet as the content of an element, with its addresses from where it lies. Raises ValueError if it could end it."""
    content = from_folder((STATIC / "dist" / filename).read_text(encoding="utf-8"), folder)
    if "</" in content:
        raise ValueError(f"{filename} would end its style element")
    return Markup(content)  # noqa: S704 - made by our build


def from_folder(sheet: str, folder: str) -> str:
    """A sheet whose relative addresses (fonts) are those of its own folder, wherever its text stands."""
    return re.sub(r"""url\((["']?)\./""", rf"url(\1{folder}/", sheet)


def install(app: Flask) -> None:
    """Give templates `style_sheet`."""
    app.jinja_env.globals["style_sheet"] = style_sheet
