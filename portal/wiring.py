"""Joins the capabilities inside a process: every event, right and background task is declared, and cases are notified of payments and of undelivered
mail.

Everything that works with cases or payments calls `connect` once at its start: the web application, the worker, the demo's loader.
A process that forgets it fails at the first change of a payment or undelivered mail (`NotConnected`), instead of losing it.
"""

import pkgutil
from importlib import import_module
from importlib.util import find_spec

import portal


def connect() -> list[str]:
    """Import every capability, which declares its events and rights, and its `jobs.py`, which registers tasks; connect the listeners.

    Returns the names of the modules with tasks. Safe to repeat.
    """
    packages = [f"portal.{package.name}" for package in pkgutil.iter_modules(portal.__path__) if package.ispkg]
    names = [f"{package}.jobs" for package in packages if find_spec(f"{package}.jobs")]
    for name in (*packages, *names):
        import_module(name)
    from portal.cases.payment_listeners import LISTENERS
    from portal.cases.undelivered import show_to_office
    from portal.notifications import connect_undelivered_listener
    from portal.payments import connect_listeners

    connect_listeners([LISTENERS])
    connect_undelivered_listener(show_to_office)
    return names
