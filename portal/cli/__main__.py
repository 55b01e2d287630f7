"""`python -m portal.cli`: the same command where it is not installed as `madoguchi`."""

from portal.cli import main

main(prog_name="madoguchi")
