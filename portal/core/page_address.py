"""The address at which the current page can be requested again."""

from urllib.parse import urlsplit

from flask import current_app, request

from portal.core.page_tokens import is_same_host


def page_address() -> str:
    """The path of the present page for a link that loads it again with another query (in another language); empty for the same path.

    Some addresses take forms only. The page that answers there leads back to the page its form was on, which the browser names
    (our Referrer-Policy lets it within the site), else to the front page.
    """
    if request.method == "GET" or _is_page(request.path):
        return ""
    referrer = urlsplit(request.referrer or "")
    path = "/" + referrer.path.lstrip("/")  # two slashes would name another host
    return path if is_same_host(referrer) and _is_page(path) else "/"


def _is_page(path: str) -> bool:
    routes = current_app.url_map.bind("localhost")  # no route depends on the host
    return routes.test(path, method="GET")
