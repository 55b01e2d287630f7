"""`madoguchi documents`: the certificate with which documents that decisions issue are signed."""

import click

from portal.cli.plain import plain_errors


@click.group()
def documents() -> None:
    """Documents that decisions issue."""


@documents.command()
@click.argument("city")
def certificate(city: str) -> None:
    """With which certificate documents of CITY are signed; made if there is neither a file of the city's own nor one made before."""
    from portal.cli.inside import inside
    from portal.documents import UnusableCertificate, key_file, signing_key

    with plain_errors(), inside(city) as session:
        try:
            key = signing_key(session)
        except UnusableCertificate as error:
            raise click.ClickException(str(error)) from error
    whose = "made by this installation" if key.own else f"from {key_file(city)}"
    click.echo(f"{city}: {key.certificate.subject.rfc4514_string()}")
    click.echo(f"  {whose}, issued by {key.certificate.issuer.rfc4514_string()}")
    click.echo(f"  valid until {key.certificate.not_valid_after_utc:%Y-%m-%d}")
