"""Who comes to a layer at the desk: it is shown to those who see it, and changed by those who keep it."""

from geo.catalogue import Entry
from portal.core.access import staff_member
from portal.core.errors import Forbidden, NotFound
from portal.core.events import Actor
from portal.core.web import db
from portal.maps import LayerSight, catalogue


def actor() -> Actor:
    """This person, as events name them."""
    return Actor("staff", staff_member().id, staff_member().name)


def sight() -> LayerSight:
    """What this person may see and do with layers."""
    return LayerSight(db(), staff_member())


def seen(key: str) -> Entry:
    """A layer that this person sees. Raises NotFound."""
    entry = catalogue.get_layer(db(), key)
    if not sight().sees(entry):
        raise NotFound
    return entry


def managed(key: str) -> Entry:
    """A layer about which this person decides. Raises NotFound, Forbidden."""
    entry = seen(key)
    if not sight().manages(entry):
        raise Forbidden
    return entry


def edited(key: str) -> Entry:
    """A layer to which this person may give new features. Raises NotFound, Forbidden."""
    entry = seen(key)
    if not sight().edits(entry):
        raise Forbidden
    return entry
