"""Addresses as QR codes (ISO/IEC 18004), for another device or the counter."""

import segno
from markupsafe import Markup


def qr_code(address: str, title: str) -> Markup:
    """An address as a QR code in SVG, without any style of its own."""
    drawn = segno.make(address, error="m").svg_inline(
        svgclass="qr", lineclass=None, omitsize=True, border=0, title=title
    )
    return Markup(drawn)  # noqa: S704 - made here from our own address
