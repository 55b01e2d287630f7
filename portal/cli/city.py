"""`madoguchi city`: the cities of this installation."""

import sys
from dataclasses import replace
from typing import Any, TextIO

import click

from portal.cli.plain import plain_errors

_FIRST_ROLES = frozenset((None, role) for role in ("admin", "publisher", "clerk", "decider"))
"""Of the first administrator, who has nobody yet to hand anything to."""


@click.group()
def city() -> None:
    """Make and list cities; each is a schema and a role of its own."""


@city.command("list")
def list_cities() -> None:
    """One line a city: key, code, name, address in the browser."""
    from portal.core.tenancy import cities

    with plain_errors():
        rows = cities()
    for city in rows:
        click.echo(f"{city.key}\t{city.code}\t{city.name}\t{city.origin}")


@city.command()
@click.argument("key")
@click.option("--name", required=True, help="For example 立川市.")
@click.option("--name-kana", required=True, help="For example たちかわし.")
@click.option("--name-en", required=True, help="For example Tachikawa City.")
@click.option("--code", required=True, help="全国地方公共団体コード, six digits, for example 132021.")
@click.option("--letter", help="Leads case numbers; the name's first character when not given.")
@click.option("--host", help="Host name; KEY.<base host> when not given.")
@click.option("--theme", help="blue, green, cyan, or the city's own colour as #0a5c36; blue for a new city.")
@click.option("--postal-code", required=True, help="Of the city hall, for example 190-8666.")
@click.option("--address", required=True, help="Of the city hall.")
@click.option("--phone", required=True, help="Of the city hall.")
@click.option("--center", nargs=2, type=float, required=True, metavar="LON LAT", help="Where maps open.")
@click.option(
    "--plane",
    type=click.IntRange(1, 19),
    help="平面直角座標系 in which everything is measured; the one made for the region of --center when not given.",
)
@click.option(
    "--department",
    nargs=2,
    metavar="KEY NAME",
    help="The first department, for a city that has none yet: road-management 道路管理課.",
)
@click.option(
    "--administrator",
    nargs=2,
    metavar="EMAIL NAME",
    help="Who does the rest in the browser; their secrets are printed, this once.",
)
def create(
    key: str,
    letter: str | None,
    host: str | None,
    theme: str | None,
    plane: int | None,
    center: tuple[float, float],
    department: tuple[str, str] | None,
    administrator: tuple[str, str] | None,
    **values: str,
) -> None:
    """Make the city KEY (lower-case letters, digits, hyphens), or change the particulars of one that exists.

    With --department and --administrator it has everything to sign in and do the rest in the browser.

    Its administrators change the same, and opening hours and the sender of mails, at /desk/city.
    """
    from common.plane import Plane, planes_at
    from portal.core.config import settings
    from portal.core.database import city_session
    from portal.core.events import SYSTEM
    from portal.core.tenancy import City, cities, create_city
    from portal.identity import city_administration

    fitting = planes_at(*center)
    plane_system = Plane.of_number(plane) if plane is not None else fitting[0]
    if not plane_system.covers(*center):
        click.echo(
            f"warning: plane {plane_system.number} is not made for {center[0]}, {center[1]}; metres there differ from those on the"
            f" ground. --plane {fitting[0].number} fits. Is --center longitude first, then latitude?",
            err=True,
        )

    with plain_errors():
        former = next((city for city in cities() if city.key == key), None)
        said: dict[str, Any] = {**values, "theme": theme or (former.theme if former else "blue"), "center": center}
        of_operator: dict[str, Any] = {
            "code": values["code"],
            "letter": letter or values["name"][0],
            "host": host or f"{key}.{settings().base_hostname}",
            "plane_srid": plane_system.srid,
        }
        new_city = replace(former, **said | of_operator) if former else City(key=key, **said | of_operator)
        particulars = city_administration.checked_city(city_administration.particulars_of_city(new_city))
        try:
            create_city(replace(former, **of_operator) if former else new_city)
        except ValueError as error:
            raise click.ClickException(str(error)) from error
        if former:
            with city_session(key) as session:
                city_administration.save_city(session, SYSTEM, particulars)
    click.echo(f"{new_city.name}: {new_city.origin} (plane {plane_system.number})")
    if department or administrator:
        _settle(key, department, administrator)
        click.echo(f"\nSign in at {new_city.origin}/desk")


def _settle(key: str, department: tuple[str, str] | None, administrator: tuple[str, str] | None) -> None:
    """Give the city its first department and administrator; what is there already stays as it is."""
    from portal.cli.account_secrets import say_secrets
    from portal.core.database import city_session
    from portal.core.events import SYSTEM
    from portal.identity import department_administration, list_departments, list_staff, staff_administration

    with plain_errors(), city_session(key) as session:
        if department and not list_departments(session):
            department_key, name = department
            particulars = department_administration.Particulars({"ja": name})
            department_administration.save_department(session, SYSTEM, department_key, particulars, 0)
            click.echo(f"{department_key}: {name}")
        if administrator is None:
            return
        if not list_departments(session):
            raise click.ClickException("An administrator needs a department to begin with: give --department KEY NAME.")
        email, name = administrator
        if any(member.email == email.strip().lower() for member in list_staff(session)):
            click.echo(
                f"{email} has an account already; madoguchi staff password {key} {email} gives a first password again."
            )
            return
        staff, password, address = staff_administration.create_account(session, SYSTEM, email, name, _FIRST_ROLES)
    say_secrets(f"{staff.name} <{staff.email}>", password, address)


@city.command()
@click.argument("key")
def reindex(key: str) -> None:
    """Write the search terms of KEY's older cases again, at once; the worker does it automatically within minutes. Safe to repeat."""
    from portal.cases import reindex_city
    from portal.core.tenancy import city as city_by_key

    with plain_errors():
        count = reindex_city(city_by_key(key).key)
    click.echo(f"{count} cases")


@city.command()
@click.argument("key")
@click.option("--correct", is_flag=True, help="Make them right.")
def counts(key: str, *, correct: bool) -> None:
    """Compare the counts of KEY's cases, which its map and time bar show, with a full count; exit status 1 when they differ.

    The worker does it each night, and corrects them.
    """
    from portal.cases import case_counting
    from portal.core.database import city_session
    from portal.core.tenancy import city as city_by_key

    with plain_errors(), city_session(city_by_key(key).key) as session:
        places, days = case_counting.place_differences(session), case_counting.day_differences(session)
        if correct:
            case_counting.correct_places(session)
            case_counting.correct_days(session)
    click.echo(f"{places} counts of the map and {days} of days differed{' and are corrected' if correct else ''}")
    sys.exit(1 if (places or days) and not correct else 0)


@city.command()
@click.argument("key")
@click.option(
    "--second-person-above", type=click.IntRange(min=0), metavar="YEN", help="0 (as at first): for each refund."
)
@click.option("--one-person", is_flag=True, help="One person may refund any amount.")
def refunds(key: str, second_person_above: int | None, *, one_person: bool) -> None:
    """Say above how many yen a refund in the city KEY needs a second person."""
    from portal.core.database import city_session
    from portal.core.events import SYSTEM
    from portal.core.tenancy import city as city_by_key
    from portal.payments import set_second_person_above

    if one_person == (second_person_above is not None):
        raise click.UsageError("Give either --second-person-above YEN or --one-person.")
    with plain_errors(), city_session(city_by_key(key).key) as session:
        set_second_person_above(session, None if one_person else second_person_above, SYSTEM)
    click.echo(
        "One person may refund." if one_person else f"Refunds above {second_person_above:,} yen need two people."
    )


@city.command("due-days")
@click.argument("key")
@click.option(
    "--pay-within",
    type=click.IntRange(1, 366),
    help="Days to pay where a definition leaves them to the city; 14 at first.",
)
@click.option(
    "--remind-before",
    type=click.IntRange(0, 90),
    help="Days before the last day on which a reminder is mailed; 3 at first.",
)
@click.option("--demand-within", type=click.IntRange(1, 90), help="Days that a demand (督促状) gives; 10 at first.")
@click.option("--transfer-within", type=click.IntRange(1, 60), help="Days to pay by bank transfer; 7 at first.")
def due_days(key: str, **days: int | None) -> None:
    """Say how many days the city KEY gives for a payment; without options, show them. A day on which the city is closed moves to the next open one."""
    from portal.core.database import city_session
    from portal.core.events import SYSTEM
    from portal.core.tenancy import city as city_by_key
    from portal.payments import due_days as current_due_days
    from portal.payments import set_due_days

    given = {name: count for name, count in days.items() if count is not None}
    with plain_errors(), city_session(city_by_key(key).key) as session:
        chosen = set_due_days(session, SYSTEM, **given) if given else current_due_days(session)
    click.echo(
        f"Paid within {chosen.pay_within} days, reminded {chosen.remind_before} days before, demanded within"
        f" {chosen.demand_within} days, transferred within {chosen.transfer_within} days."
    )


@city.command()
@click.argument("key")
@click.option("--issue/--no-issue", required=True, help="Whether residents and staff can have one made.")
def receipts(key: str, *, issue: bool) -> None:
    """Issue receipts (領収書) of payments in the city KEY, or none any more. Without this, payments are confirmed by 納付確認書."""
    from portal.core.database import city_session
    from portal.core.events import SYSTEM
    from portal.core.tenancy import city as city_by_key
    from portal.documents import switch_receipts

    with plain_errors(), city_session(city_by_key(key).key) as session:
        switch_receipts(session, SYSTEM, issued=issue)
    click.echo("Receipts are issued." if issue else "No receipts are issued.")


@city.command()
@click.argument("key")
@click.option(
    "--api-key-file",
    type=click.File(encoding="utf-8"),
    required=True,
    help="Holds the secret key of the city's own Stripe account; - reads it from standard input.",
)
@click.option("--payee", help="The payee's name on the payment page; the city's when not given.")
@click.option(
    "--method",
    "methods",
    multiple=True,
    help="Payment methods to offer; repeat for several. Without it those stay that are on; at first card and konbini.",
)
def pay(key: str, api_key_file: TextIO, payee: str | None, methods: tuple[str, ...]) -> None:
    """Connect the city KEY to its Stripe account: registers the webhook there, keeps the keys sealed here. Safe to repeat."""
    from portal.core.database import city_session
    from portal.core.tenancy import city as city_by_key
    from portal.payments import (
        ProviderRejected,
        account_of_another_city,
        connect_account,
        method_settings,
        webhook_url,
    )

    api_key = api_key_file.read().strip()
    with plain_errors():
        city = city_by_key(key)
        try:
            if fault := account_of_another_city(key, api_key):
                raise click.ClickException(f"{fault.detail}. Nothing was changed.\nFix: {fault.fix}.")
            connect_account(
                key,
                display_name=payee or city.name,
                api_key=api_key,
                origin=city.origin,
                methods=methods,
            )
        except ProviderRejected as error:
            raise click.ClickException(f"The payment provider rejected the request: {error.code}") from error
        except ValueError as error:
            raise click.ClickException(str(error)) from error
    with city_session(city.key) as session:
        online = ", ".join(method_settings(session).online)
    click.echo(f"{city.name}: {online}; webhook events come to {webhook_url(city.origin)}")
