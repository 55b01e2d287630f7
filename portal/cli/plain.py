"""Errors that an operator can fix are said in one plain line, without a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

import click


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn errors of configuration, cluster and database into click's own message (exit status 1)."""
    from pydantic import ValidationError
    from sqlalchemy.exc import OperationalError

    from portal.core.cluster import ClusterError
    from portal.core.errors import DomainError

    try:
        yield
    except ClusterError as error:
        raise click.ClickException(str(error)) from error
    except ValidationError as error:
        text = "; ".join(str(detail["msg"]) for detail in error.errors())
        raise click.ClickException(f"A setting cannot be used: {text}") from error
    except OperationalError as error:
        raise click.ClickException(f"The database does not answer: {str(error.orig).strip()}") from error
    except DomainError as error:
        raise click.ClickException(str(error)) from error
