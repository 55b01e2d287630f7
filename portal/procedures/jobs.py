"""Background work: publishing on the day that was named, and again what uses a changed list or word; renewing trees."""

from portal.core.jobs import RETRY, app, periodic
from portal.core.rounds import for_each_item
from portal.procedures.planned import PUBLISH_PLANNED
from portal.procedures.planned import publish_planned as publish_planned_in
from portal.procedures.renewing import renew_document, versions_to_renew
from portal.procedures.republishing import REPUBLISH
from portal.procedures.republishing import republish as republish_in


@app.task(name=REPUBLISH, retry=RETRY)
def republish(*, city: str, republication_id: int) -> None:
    """Publish again what waits for it."""
    republish_in(city, republication_id)


@app.task(name=PUBLISH_PLANNED, retry=RETRY)
def publish_planned(*, city: str, procedure_id: int) -> None:
    """Publish what waits for this day."""
    publish_planned_in(city, procedure_id)


@periodic("*/5 * * * *", "procedures.renew_documents")
def renew_documents() -> None:
    """Make trees of an earlier language again, each in a transaction of its own; after an upgrade these are all."""
    for_each_item(versions_to_renew, renew_document)
