"""What is declared is used, and what is used is declared: events, rights, letters, inputs and effects of moves, settings, jobs, routes.

A name that is only in its own table is dead.
"""

import re
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from flask import Flask

from forms.definition.states import Cause, Need
from forms.workflow.preset import presets
from portal import wiring
from portal.app import create_app
from portal.core.access import declared_rights, entry_of
from portal.core.config import Settings
from portal.core.events import event_kinds
from portal.identity.rights import ROLES
from portal.notifications.kinds import KINDS

ROOT = Path(__file__).parents[2]
NOT_BY_PAGES = {
    "payments.receive_webhook": "the payment provider posts here",
    "operations.live": "monitoring asks here",
    "operations.ready": "monitoring asks here",
    "static": "files by their path",
}


@pytest.fixture(scope="module", autouse=True)
def everything_declared() -> None:
    """The process knows what all capabilities declare."""
    wiring.connect()


@cache
def sources() -> dict[str, str]:
    """The texts of the portal's files, by path."""
    return {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
        for folder in ("portal", "forms", "static/js")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in {".py", ".html", ".yaml", ".js"}
    }


def declarations() -> set[str]:
    return {path for path in sources() if path.endswith(("/events.py", "/rights.py"))}


def written(name: str, *, but: set[str]) -> bool:
    """Whether a name is quoted anywhere outside the files where it is only declared."""
    quoted = re.compile(rf"""["'`:/ ]{re.escape(name)}["'`,\\s\\n]""")
    return any(name in source and quoted.search(source) for path, source in sources().items() if path not in but)


def test_every_event_is_recorded_and_has_a_text() -> None:
    assert [event for event, kind in event_kinds().items() if not kind.office] == []
    unwritten = {event for event in event_kinds() if not written(event, but=declarations())}
    assert unwritten - stored_by_presets() == set()


def test_every_key_of_an_event_is_set_somewhere() -> None:
    code = [source for path, source in sources().items() if path.endswith(".py") and path not in declarations()]
    code += [path.read_text("utf-8") for path in (ROOT / "migrations/city/versions").glob("*.py")]
    unset = set()
    for key in {key for kind in event_kinds().values() for key in kind.keys}:
        assignment = re.compile(rf"""\b{key}=|["']{key}["']""")
        if not any(key in source and assignment.search(source) for source in code):
            unset.add(key)
    assert [(event, unset & set(kind.keys)) for event, kind in event_kinds().items() if unset & set(kind.keys)] == []


def stored_by_presets() -> set[str]:
    return {move.event for preset in presets().values() for move in preset.moves}


def test_what_a_workflow_records_is_declared() -> None:
    assert stored_by_presets() <= event_kinds().keys()


def test_every_right_is_granted_and_required() -> None:
    for right, declared in declared_rights().items():
        assert declared.roles, right
        assert set(declared.roles) <= ROLES.keys(), right
        assert written(right, but=declarations()), f"nobody asks for {right}"


def test_every_letter_is_sent_and_written_in_every_language() -> None:
    assert [kind for kind in KINDS if not written(kind, but={"portal/notifications/kinds.py"})] == []
    letters = ROOT / "portal/templates/notifications"
    paths = [letters / language / f"{kind}.txt" for kind in KINDS for language in ("ja", "ja-easy", "en")]
    assert [path for path in paths if not path.exists()] == []


def test_every_input_and_effect_of_a_move_is_implemented() -> None:
    moves = [move for preset in presets().values() for move in preset.moves]
    names = {*get_args(Need), *get_args(Cause)}
    used = {name for move in moves for name in (*move.needs, *move.causes)}
    assert [name for name in names - used if name not in sources()["forms/workflow/stages.py"]] == []
    portal = "\n".join(source for path, source in sources().items() if path.startswith("portal/"))
    carried_out = set(re.findall(r"""["'](\w+)["'] in [\w.]*(?:needs|causes)""", portal))
    assert names - carried_out == set()


def test_a_setting_is_read() -> None:
    documented = (ROOT / "docs/operate/settings.md").read_text("utf-8")
    for setting in Settings.model_fields:
        read, word = (r"f\"quota_\{", "quota_") if setting.startswith("quota_") else (rf"\.{setting}\b", setting)
        assert any(word in source and re.search(read, source) for source in sources().values()), setting
        last = setting.upper().rpartition("_")[2]
        assert setting.upper() in documented or f"`_{last}`" in documented or f"_{last}" in documented, setting


def test_every_job_without_times_of_its_own_is_enqueued() -> None:
    jobs = [
        name
        for path, source in sources().items()
        if path.endswith("jobs.py")
        for name in re.findall(r"@\w+\.task\([^@]*?\)\n(?:async )?def (\w+)", source)
    ]
    assert len(jobs) > 5
    enqueued = "\n".join(re.findall(r"enqueue\([^)]*", "\n".join(sources().values())))
    constants = {"execute_decision": "JOB", "process_event": "PROCESS_EVENT"}
    for name in jobs:
        names = (f"{name}.name", constants.get(name, name.upper()), name.upper())
        assert any(candidate in enqueued for candidate in names), f"nobody asks for {name}"


def test_every_route_is_linked_from_somewhere() -> None:
    app: Flask = create_app()
    pages = "\n".join(sources().values())
    quoted = {name for mark in "'\"" for name in re.findall(rf"{mark}([\w.]+)(?={mark})", pages)}
    for rule in app.url_map.iter_rules():
        if rule.endpoint in NOT_BY_PAGES or entry_of(app.view_functions[rule.endpoint]) is None:
            continue
        last = [part for part in rule.rule.split("/") if part and "<" not in part]
        led = rule.endpoint in quoted or (not last) or f"/{last[-1]}" in pages
        assert led, f"nothing leads to {rule.rule}"
