"""`madoguchi staff`: the people who work in a city, from its first administrator on."""

import secrets
from collections import defaultdict
from io import StringIO
from typing import TYPE_CHECKING

import click

from portal.cli.plain import plain_errors

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

EVERYWHERE = "*"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike in print
_GROUPS, _GROUP = 5, 4


@click.group()
def staff() -> None:
    """Make and close the accounts of staff."""


@staff.command("list")
@click.argument("city")
def list_staff(city: str) -> None:
    """One line a member of staff of CITY: address, name, roles; closed accounts are marked."""
    from portal.cli.inside import inside
    from portal.identity.roster import members

    with plain_errors(), inside(city) as session:
        for one in members(session):
            roles = " ".join(f"{department}:{role}" for department, role in one.roles)
            click.echo(f"{one.email}\t{one.name}\t{roles}" + ("" if one.active else "\tclosed"))


@staff.command()
@click.argument("city")
@click.argument("email")
@click.option("--name", required=True, help="As cases show it, for example 高橋 直子.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    metavar="DEPARTMENT:ROLE",
    help="Repeat for several. DEPARTMENT * means all there are now. "
    "ROLE: clerk, decider, cashier, inspector, publisher, admin.",
)
def create(city: str, email: str, name: str, roles: tuple[str, ...]) -> None:
    """Make an account in CITY and print its secrets, this once: a password and the key for an authenticator app."""
    import segno

    from portal.cli.inside import inside
    from portal.identity.actions import create_staff

    password = new_password()
    with plain_errors(), inside(city) as session:
        made, address = create_staff(session, email, name, password, _roles(session, roles))
    click.echo(
        f"{made.name} <{made.email}>\n\n  password           {password}\n  authenticator key  {_key_in(address)}\n"
    )
    code = StringIO()
    segno.make_qr(address).terminal(out=code, compact=True)
    click.echo(
        f"{code.getvalue()}\nThese are shown only now. Hand them over in person; the code is read by any authenticator app."
    )


@staff.command()
@click.argument("city")
@click.argument("email")
def password(city: str, email: str) -> None:
    """Give a member of staff of CITY a new password and end their visits; the authenticator stays."""
    from portal.cli.inside import inside
    from portal.identity.actions import set_password
    from portal.identity.roster import staff_id_of

    chosen = new_password()
    with plain_errors(), inside(city) as session:
        set_password(session, staff_id_of(session, email), chosen)
    click.echo(f"  password           {chosen}\n\nIt is shown only now. Hand it over in person.")


@staff.command()
@click.argument("city")
@click.argument("email")
def close(city: str, email: str) -> None:
    """Close the account of a member of staff of CITY: their visits end at once."""
    from portal.cli.inside import inside
    from portal.identity.actions import disable_staff
    from portal.identity.roster import staff_id_of

    with plain_errors(), inside(city) as session:
        disable_staff(session, staff_id_of(session, email))
    click.echo(f"{email}: closed")


def new_password() -> str:
    """Twenty letters and digits in groups (99 bits): fit for print and for typing."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def _roles(session: "Session", wanted: tuple[str, ...]) -> dict[int, set[str]]:
    """Roles by department id. Raises click's error, with what there is, for a department or a role that does not exist."""
    from portal.core.access import ROLES
    from portal.identity.departments import departments

    ids = {one.key: one.id for one in departments(session)}
    found: defaultdict[int, set[str]] = defaultdict(set)
    for words in wanted:
        key, _, role = words.rpartition(":")
        if role not in ROLES:
            raise click.ClickException(f"{words}: there is no role {role!r}. Roles: {', '.join(ROLES)}")
        if key not in (EVERYWHERE, *ids) or not ids:
            known = ", ".join(ids) or "none yet (madoguchi department add)"
            raise click.ClickException(f"{words}: there is no department {key!r}. Departments: {known}")
        for one in ids.values() if key == EVERYWHERE else [ids[key]]:
            found[one].add(role)
    return dict(found)


def _key_in(address: str) -> str:
    """The authenticator key inside an otpauth address, for typing where no camera is."""
    import pyotp

    return pyotp.parse_uri(address).secret
