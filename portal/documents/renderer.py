"""Papers as PDF/A-3a (ISO 19005-3): WeasyPrint lays out a template of `templates/documents` in one embedded font.

The font is Noto Sans CJK, which has the kanji of names (髙 﨑 塚 𠮷) and the letters of every language of the portal. It has one weight, and
a second one would be drawn and embedded beside it, so sizes and lines alone make the order of a page. `font-family` stands on `html`, from
where margins of the page inherit it. Nothing is fetched: the page names nothing outside itself, and the style sheet only the font.
"""

import atexit
import hashlib
import logging
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from forms.text.eras import era_year
from portal.core.text import _, date_ja, html_language, using_language, yen, yen_left
from portal.documents.decision_paper import DecisionPaper
from portal.documents.paper import Paper, title_of

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

_TEMPLATES = Path(__file__).resolve().parents[1] / "templates" / "documents"
VARIANT = "pdf/a-3a"
_FONT = "Paper"
logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells every step of cutting a font down

_environment = Environment(
    loader=FileSystemLoader(_TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.globals.update(_=_, yen=yen, yen_left=yen_left)


def render(paper: Paper, number: str, issued_at: datetime) -> bytes:
    """Return the PDF of a paper with its number and the moment from which it dates. The same values give the same bytes."""
    with using_language(paper.language):
        return lay_out(
            "paper.html",
            paper=paper,
            number=number,
            title=title_of(paper.kind),
            language=html_language(paper.language),
            issued_on=_day(issued_at),
            issued_at=issued_at,
            day=_day,
            qr=_qr(paper.address, _("支払いのページのQRコード")) if paper.address else None,
        )


def render_decision(
    paper: DecisionPaper, number: str, issued_at: datetime, *, address: str, check_code: str, own: bool | None
) -> bytes:
    """Return the PDF of a document that a decision issues. `address` is where it is checked; `own` says whether the installation made the
    certificate itself, None for one that is not signed. The same values give the same bytes.
    """
    with using_language("ja"):
        return lay_out(
            "decision.html",
            paper=paper,
            number=number,
            issued_at=issued_at,
            day=_era_day,
            check_code=check_code,
            own=own,
            host=urlsplit(address).netloc,
            qr=_qr(address, "書類を確かめるページのQRコード"),
        )


def render_seal(city: str) -> bytes:
    """Return the page that is seen of a city's signature: a square of 22 mm with its name."""
    lines = [city[at : at + 3] for at in range(0, len(city), 3)]
    return lay_out("seal.html", lines=[*lines, "電子印"])


def lay_out(template: str, **values: Any) -> bytes:
    """Return the PDF of a template of `templates/documents` with these values. The same values give the same bytes."""
    return pdf_of(_environment.get_template(template).render(values))


def pdf_of(text: str) -> bytes:
    """Return an HTML page as PDF/A-3a in the font of papers. The same text gives the same bytes."""
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    style, fonts = _font()
    content: bytes = HTML(string=text, url_fetcher=URLFetcher(allowed_protocols=())).write_pdf(
        stylesheets=[style],
        font_config=fonts,
        pdf_variant=VARIANT,
        pdf_identifier=hashlib.sha256(text.encode()).digest()[:16],
    )
    return content


@cache
def _font() -> "tuple[CSS, FontConfiguration]":
    """The rule that declares the font, and the fonts of this process: read once, because it takes a second."""
    from noto_cjk_sans_jp_regular import FONT_PATH
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    fonts = FontConfiguration()
    rule = f'@font-face {{ font-family: {_FONT}; src: url("{Path(str(FONT_PATH)).as_uri()}"); }}'
    atexit.register(_font.cache_clear)  # its copy of the font in the temporary folder goes with the process
    return CSS(string=rule, font_config=fonts, url_fetcher=URLFetcher(allowed_protocols=("file",))), fonts


def _day(value: date | datetime | None) -> str:
    return date_ja(value, year=True)


def _era_day(value: date) -> str:
    """令和8年11月23日."""
    return f"{era_year(value)}{value.month}月{value.day}日"


def _qr(address: str, title: str) -> Markup:
    """The address as a QR code (ISO/IEC 18004) in SVG."""
    drawn = segno.make(address, error="m").svg_inline(border=0, omitsize=True, title=title)
    return Markup(drawn)  # noqa: S704 - made here from our own address
