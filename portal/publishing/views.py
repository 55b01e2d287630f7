"""The pages of publishing."""

from flask import Flask

from portal.publishing import (
    editing,
    lists,
    messages,
    news_pages,
    offers,
    pictures,
    releasing,
    republications,
    search_words,
    windows,
    word_pages,
)
from portal.publishing.blueprint import bp

__all__ = ["editing", "lists", "messages", "offers", "pictures", "register", "releasing"]


def register(app: Flask) -> None:
    """Add the pages of this capability."""
    app.register_blueprint(bp)
    app.register_blueprint(lists.bp)
    app.register_blueprint(word_pages.bp)
    app.register_blueprint(republications.bp)
    app.register_blueprint(windows.bp)
    app.register_blueprint(search_words.bp)
    app.register_blueprint(news_pages.bp)
