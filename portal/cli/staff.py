"""`madoguchi staff`: the people who work in a city, from its first administrator on."""

from typing import TYPE_CHECKING

import click

from portal.cli.account_secrets import say_days, say_secrets
from portal.cli.plain import plain_errors

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.core.events import Actor

_ROLE = click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    metavar="DEPARTMENT:ROLE",
    help="Repeat for several. DEPARTMENT * means every one, those to come included. "
    "ROLE: clerk, decider, cashier, inspector, publisher, accountant, auditor, admin.",
)


@click.group()
def staff() -> None:
    """Make, change, close and open again the accounts of staff."""


@staff.command("list")
@click.argument("city")
def list_(city: str) -> None:
    """One line a member of staff of CITY: address, name, roles; closed accounts are marked."""
    from portal.cli.inside import inside
    from portal.identity import list_staff

    with plain_errors(), inside(city) as session:
        for member in list_staff(session):
            roles = " ".join(f"{department}:{role}" for department, role in member.roles)
            click.echo(f"{member.email}\t{member.name}\t{roles}" + ("" if member.active else "\tclosed"))


@staff.command()
@click.argument("city")
@click.argument("email")
@click.option("--name", required=True, help="As cases show it, for example 高橋 直子.")
@_ROLE
def create(city: str, email: str, name: str, roles: tuple[str, ...]) -> None:
    """Make an account in CITY and print its secrets, this once: a first password and the key for an authenticator app.

    A closed address is opened again, with everything new.
    """
    from portal.cli.inside import inside
    from portal.identity import staff_administration

    with plain_errors(), inside(city) as session:
        staff, password, address = staff_administration.create_account(
            session, _operator(), email, name, _roles(session, roles)
        )
    say_secrets(f"{staff.name} <{staff.email}>", password, address)


@staff.command()
@click.argument("city")
@click.argument("email")
@click.option("--name", help="As cases show it; left out to send the link again.")
@click.option("--role", "roles", multiple=True, metavar="DEPARTMENT:ROLE", help="As `staff create` takes it.")
def invite(city: str, email: str, name: str | None, roles: tuple[str, ...]) -> None:
    """Make an account in CITY and mail its owner a link to choose the secrets; without --name, mail it once more.

    The link works once and for some days; the one that was mailed before does not work any more.
    """
    from portal.cli.inside import inside
    from portal.core.config import settings
    from portal.identity import staff_administration, staff_id_of

    if bool(name) != bool(roles):
        raise click.UsageError("Give --name and --role for a new account, neither to send the link again.")
    with plain_errors(), inside(city) as session:
        if name:
            invited = staff_administration.invite(session, _operator(), email, name, _roles(session, roles))
        else:
            invited = staff_administration.invite_again(session, _operator(), staff_id_of(session, email))
    click.echo(
        f"{invited.name} <{invited.email}>: a link is mailed that works for {settings().initial_password_days} days"
    )


@staff.command()
@click.argument("city")
@click.argument("email")
@_ROLE
def roles(city: str, email: str, roles: tuple[str, ...]) -> None:
    """Replace the roles of a member of staff of CITY; they count from the next page on.

    Open cases on their desk, of departments in which they hold no role any more, go back to the department.
    """
    from portal.cases import staff_leaving
    from portal.cli.inside import inside
    from portal.identity import staff_id_of

    with plain_errors(), inside(city) as session:
        role_set = _roles(session, roles)
        count = staff_leaving.change_roles(session, _operator(), staff_id_of(session, email), role_set, {})
    click.echo(f"{email}: {' '.join(roles)}")
    _say_cases(count)


@staff.command()
@click.argument("city")
@click.argument("email")
def password(city: str, email: str) -> None:
    """Give a member of staff of CITY a first password again and end their sessions; the authenticator stays."""
    from portal.cli.inside import inside
    from portal.identity import staff_administration, staff_id_of

    with plain_errors(), inside(city) as session:
        chosen = staff_administration.give_password(session, _operator(), staff_id_of(session, email))
    _say_password(chosen)


@staff.command()
@click.argument("city")
@click.argument("email")
@click.option(
    "--to", "heir", metavar="EMAIL", help="Who gets the open cases; without it they go back to the department."
)
def close(city: str, email: str, heir: str | None) -> None:
    """Close the account of a member of staff of CITY: their sessions end at once, and nobody's open case stays with them."""
    from portal.cases import staff_leaving
    from portal.cli.inside import inside
    from portal.identity import staff_id_of

    with plain_errors(), inside(city) as session:
        staff_id, heir_id = staff_id_of(session, email), staff_id_of(session, heir) if heir else None
        departments = {case.department_id for case in staff_leaving.cases_left_behind(session, staff_id)}
        count = staff_leaving.leave(session, _operator(), staff_id, dict.fromkeys(departments, heir_id))
    click.echo(f"{email}: closed")
    _say_cases(count, heir)


@staff.command()
@click.argument("city")
@click.argument("email")
@click.option("--name", help="As cases show it from now on.")
@click.option("--email", "address", metavar="EMAIL", help="With which they sign in from now on.")
def change(city: str, email: str, name: str | None, address: str | None) -> None:
    """Change name or address of a member of staff of CITY; password and authenticator stay."""
    from portal.cli.inside import inside
    from portal.identity import staff_id_of, staff_particulars

    if not name and not address:
        raise click.UsageError("Give --name, --email or both.")
    with plain_errors(), inside(city) as session:
        person = staff_particulars.person(session, staff_id_of(session, email))
        staff_particulars.change_particulars(
            session, _operator(), person.id, name or person.name, address or person.email
        )
        person = staff_particulars.person(session, person.id)
    click.echo(f"{person.name} <{person.email}>")


@staff.command()
@click.argument("city")
@click.argument("email")
def reopen(city: str, email: str) -> None:
    """Open a closed account of CITY with its roles and authenticator, and print a first password."""
    from portal.cli.inside import inside
    from portal.identity import staff_administration, staff_id_of

    with plain_errors(), inside(city) as session:
        chosen = staff_administration.reopen(session, _operator(), staff_id_of(session, email))
    _say_password(chosen)


@staff.command()
@click.argument("city")
@click.argument("email")
@click.option("--by", required=True, help="Name of the person who asks for it.")
@click.option("--and", "second", required=True, help="Name of the second person, who made sure who it is for.")
def reset(city: str, email: str, by: str, second: str) -> None:
    """Replace a lost authenticator in CITY: two people confirm it, and both are recorded.

    Every session ends. The printed code works once, after the usual password, to set up a new authenticator.
    """
    from portal.cli.inside import inside
    from portal.core.events import Actor
    from portal.identity import staff_administration, staff_enrolment, staff_id_of

    first, other = by.strip(), second.strip()
    if not first or not other or first.casefold() == other.casefold():
        raise click.ClickException("Two different people must answer for it: --by and --and.")
    with plain_errors(), inside(city) as session:
        staff_id = staff_id_of(session, email)
        if staff_enrolment.open_reset(session, staff_id) is not None:
            staff_administration.cancel_reset(session, Actor("staff", None, first), staff_id)
        staff_administration.request_reset(session, Actor("staff", None, first), staff_id)
        code = staff_administration.confirm_reset(session, Actor("staff", None, other), staff_id)
    click.echo(
        f"  one-time code      {code}\n\nIt is shown only now and works for {staff_enrolment.CODE_LIFE.days} days."
    )


def _operator() -> "Actor":
    from portal.core.events import SYSTEM

    return SYSTEM


def _roles(session: "Session", names: tuple[str, ...]) -> frozenset[tuple[int | None, str]]:
    """Department ids and roles. Raises click's error, with what there is, for a department or a role that does not exist."""
    from portal.identity import ALL_DEPARTMENTS, city_roles, list_departments

    ids: dict[str, int | None] = {department.key: department.id for department in list_departments(session)}
    titles = city_roles.role_titles(session)
    roles: set[tuple[int | None, str]] = set()
    for text in names:
        key, _, role = text.rpartition(":")
        if role not in titles:
            raise click.ClickException(f"{text}: there is no role {role!r}. Roles: {', '.join(titles)}")
        if key not in (ALL_DEPARTMENTS, *ids) or not ids:
            existing = ", ".join(ids) or "none yet (madoguchi department add)"
            raise click.ClickException(f"{text}: there is no department {key!r}. Departments: {existing}")
        roles.add((ids.get(key), role))
    return frozenset(roles)


def _say_cases(count: int, heir: str | None = None) -> None:
    if count:
        click.echo(f"{count} open cases handed over to {heir or 'their departments'}")


def _say_password(chosen: str) -> None:
    click.echo(f"  password           {chosen}\n\nIt is shown only now. Hand it over in person.")
    say_days()
