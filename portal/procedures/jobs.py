"""Background work: publishing again what uses a changed list or word, which is too much for a page to wait for."""

from portal.core.jobs import RETRY, app
from portal.procedures.republishing import REPUBLISH
from portal.procedures.republishing import republish as republish_in


@app.task(name=REPUBLISH, retry=RETRY)
def republish(*, city: str, republication_id: int) -> None:
    """Publish again what waits for it."""
    republish_in(city, republication_id)
