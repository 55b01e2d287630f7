"""Telephone numbers on pages, which a phone calls at one press."""

from urllib.parse import quote

from markupsafe import Markup


def telephone_address(number: str) -> str:
    """The address that calls a number as people read it: 042-523-2111, 042-523-2111 内線 123, #9910 (RFC 3966)."""
    line, _word, extension = number.replace("-", "").partition("内線")
    return f"tel:{quote(line.strip(), safe='+')}" + (f";ext={quote(extension.strip())}" if extension else "")


def telephone_link(number: str) -> Markup:
    """A number as a link that calls it, never broken over two lines."""
    return Markup('<a class="nowrap" href="{}">{}</a>').format(telephone_address(number), number)
