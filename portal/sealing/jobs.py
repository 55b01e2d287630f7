"""A nightly count of what is not under the newest key."""

from portal.core.jobs import periodic
from portal.core.rounds import for_each_city_session
from portal.sealing.counting import count_and_store


@periodic("53 18 * * *", "sealing.count")  # 3:53 in Japan
def count() -> None:
    """City by city, for `madoguchi doctor`."""
    for_each_city_session(count_and_store)
