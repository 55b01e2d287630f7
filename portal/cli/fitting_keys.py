"""Whether the keys in the instance folder open what the database holds: checked before anything starts, because a database whose keys
were left behind cannot be read, and a fresh key ring would only hide that.
"""

import click


def unfitting_city() -> str | None:
    """The key of a city whose sealed data these keys do not open; None when all do, or when there is nothing yet to open.

    Makes no keys. Raises the database's own errors when it does not answer or is of another version.
    """
    from portal.core.crypto import SealBroken, has_keys, open_sealed
    from portal.core.database import city_session
    from portal.core.tenancy import cities
    from portal.identity import totp_sample

    for city in cities():
        with city_session(city.key) as session:
            sample = totp_sample(session)
        if sample is None:
            continue
        if not has_keys():
            return city.key
        try:
            open_sealed(city.key, *sample)
        except SealBroken:
            return city.key
    return None


def refuse_unfitting_keys() -> None:
    """Stop with a sentence instead of breaking at the first page that opens something. An unreachable database is not waited for."""
    from sqlalchemy.exc import SQLAlchemyError

    from portal.core.cluster import ClusterError

    try:
        city = unfitting_city()
    except (SQLAlchemyError, ClusterError):
        return  # the next step that needs it reports what is wrong
    if city is not None:
        raise click.ClickException(what_is_wrong(city))


def what_is_wrong(city: str) -> str:
    """What is wrong and what to do."""
    from portal.core.config import settings

    return (
        f"The keys in {settings().instance_path / 'keys'} do not open the data of {city}: they were lost, or belong to another "
        "database. Nothing was started and nothing changed. Put the folder keys back from its backup (docs/operate/backup.md)."
    )
