"""The `madoguchi` command: what an operator and a department's editor do at a terminal. One command a file.

Each command imports what it needs when it runs, so that `--help` answers at once and `doctor` runs on half a machine.
"""

import click

from portal.cli.address import address
from portal.cli.audit import audit
from portal.cli.backup import backup, restore
from portal.cli.city import city
from portal.cli.db import db
from portal.cli.demo import demo
from portal.cli.department import department
from portal.cli.doctor import doctor
from portal.cli.documents import documents
from portal.cli.init import init
from portal.cli.keys import keys
from portal.cli.layer import layer
from portal.cli.mail import mail
from portal.cli.payment import payment
from portal.cli.procedure import procedure
from portal.cli.retention import retention
from portal.cli.run import run
from portal.cli.sandbox import sandbox
from portal.cli.scanner import scanner
from portal.cli.search import search
from portal.cli.serve import serve
from portal.cli.staff import staff
from portal.cli.worker import worker


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="madoguchi", message="%(prog)s %(version)s")
def main() -> None:
    """Madoguchi (窓口): a virtual city hall over PostGIS."""


for command in (
    *(init, run, serve, worker, doctor, db, audit, keys, backup, restore),
    *(city, department, staff, layer, address, procedure, search, mail, payment, documents, retention),
    *(demo, sandbox, scanner),
):
    main.add_command(command)
