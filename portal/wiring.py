"""Joins the capabilities inside a process: every event, right and background task is known, and cases hear of their payments.

Whatever works with cases or payments calls `connect` once at its start: the web application, the worker, the demo's loader.
A process that forgets it is told so by the first payment (`hooks.NotConnected`), instead of losing the news.
"""

import pkgutil
from importlib import import_module
from importlib.util import find_spec

import portal


def connect() -> list[str]:
    """Import every capability, which declares its events and rights, its `jobs.py`, which registers tasks, and the listeners
    to payments. Returns the names of the modules with tasks.

    Raises NotConnected when a change of a payment would still reach nobody.
    """
    packages = [f"portal.{package.name}" for package in pkgutil.iter_modules(portal.__path__) if package.ispkg]
    names = [f"{package}.jobs" for package in packages if find_spec(f"{package}.jobs")]
    for name in (*packages, *names, "portal.cases.payment_listeners", "portal.cases.undelivered"):
        import_module(name)
    from portal.payments import hooks

    hooks.require()
    return names
