"""Addresses as QR codes (ISO/IEC 18004), for another device or the counter."""

import segno
from markupsafe import Markup

from portal.core.text import _


def qr_code(address: str, title: str) -> Markup:
    """An address as a QR code in SVG, without any style of its own."""
    drawn = segno.make(address, error="m").svg_inline(
        svgclass="qr", lineclass=None, omitsize=True, border=0, title=title
    )
    return Markup(drawn)  # noqa: S704 - made here from our own address


def with_purpose(code: Markup) -> Markup:
    """The code with what it is for, on the receipt."""
    words = _("スマートフォンなどで読み取ると、このページを開けます。窓口では、このコードを見せてください。")
    return Markup('<figure class="ticket__code">{}<figcaption class="muted">{}</figcaption></figure>').format(
        code, words
    )
