"""How large a resident reads: chosen in the address (`?text_size=`), kept in this browser for a year.

Everything that has text is sized in rem, so one size at the root enlarges all of it (WCAG 2.2, 1.4.4: up to 200 %).
"""

from flask import Flask, Response, request

from portal.core.config import settings

SIZES = {"standard": 100, "large": 125, "larger": 150, "largest": 200}
"""Percent of the browser's own size. Static style sheets hold the same numbers by these names (`[data-text]`)."""
STANDARD = "standard"
_YEAR = 31_536_000  # seconds


def current_text_size() -> str:
    """The name of the size for this request; one that does not exist is the standard one."""
    chosen = request.args.get("text_size") or request.cookies.get("text_size", STANDARD)
    return chosen if chosen in SIZES else STANDARD


def install(app: Flask) -> None:
    """Keep what is chosen in the address for the pages that follow."""

    @app.after_request
    def keep(response: Response) -> Response:
        chosen = request.args.get("text_size")
        if chosen in SIZES and request.cookies.get("text_size", STANDARD) != chosen:
            secure = settings().public_scheme == "https"
            # Not closed to scripts: a choice made by one takes effect without loading the page again.
            response.set_cookie("text_size", chosen, max_age=_YEAR, secure=secure, samesite="Lax")
        return response
