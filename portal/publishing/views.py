"""The pages of publishing."""

from flask import Flask

from portal.publishing import editing, releasing
from portal.publishing.blueprint import bp

__all__ = ["editing", "register", "releasing"]


def register(app: Flask) -> None:
    """Add the pages of this capability."""
    app.register_blueprint(bp)
