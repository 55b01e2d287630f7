"""The pages of publishing."""

from flask import Flask

from portal.publishing import editing, lists, messages, offers, pictures, releasing, republications, windows, word_pages
from portal.publishing.blueprint import bp

__all__ = ["editing", "lists", "messages", "offers", "pictures", "register", "releasing"]


def register(app: Flask) -> None:
    """Add the pages of this capability."""
    app.register_blueprint(bp)
    app.register_blueprint(lists.bp)
    app.register_blueprint(word_pages.bp)
    app.register_blueprint(republications.bp)
    app.register_blueprint(windows.bp)
