"""What is declared is used, and what is used is declared: events, rights, letters, inputs and effects of moves, settings, jobs, routes.

A name that is only in its own table is dead.
"""

import re
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

wiring.connect()
ROOT = Path(__file__).parents[2]
SOURCES = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    for folder in ("portal", "forms", "static/js")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in {".py", ".html", ".yaml", ".js"}
}
MIGRATIONS = [path.read_text("utf-8") for path in (ROOT / "migrations/city/versions").glob("*.py")]
DECLARATIONS = {path for path in SOURCES if path.endswith(("/events.py", "/rights.py"))}
NOT_BY_PAGES = {
    "payments.receive_webhook": "the payment provider posts here",
    "operations.live": "monitoring asks here",
    "operations.ready": "monitoring asks here",
    "static": "files by their path",
}


def written(name: str, *, but: set[str]) -> bool:
    """Whether a name is quoted anywhere outside the files where it is only declared."""
    quoted = re.compile(rf"""["'`:/ ]{re.escape(name)}["'`,\\s\\n]""")
    return any(name in source and quoted.search(source) for path, source in SOURCES.items() if path not in but)


@pytest.mark.parametrize("event", sorted(event_kinds()))
def test_every_event_is_recorded_and_has_a_text(event: str) -> None:
    assert event_kinds()[event].office
    assert written(event, but=DECLARATIONS) or event in stored_by_presets(), f"{event} is never recorded"


@pytest.mark.parametrize("event", sorted(event_kinds()))
def test_every_key_of_an_event_is_set_somewhere(event: str) -> None:
    code = [source for path, source in SOURCES.items() if path.endswith(".py") and path not in DECLARATIONS]
    code += MIGRATIONS
    for key in event_kinds()[event].keys:
        assignment = re.compile(rf"""\b{key}=|["']{key}["']""")
        assert any(key in source and assignment.search(source) for source in code), f"{event} never carries {key}"


def stored_by_presets() -> set[str]:
    return {move.event for preset in presets().values() for move in preset.moves}


def test_what_a_workflow_records_is_declared() -> None:
    assert stored_by_presets() <= event_kinds().keys()


@pytest.mark.parametrize("right", sorted(declared_rights()))
def test_every_right_is_granted_and_required(right: str) -> None:
    assert declared_rights()[right].roles
    assert set(declared_rights()[right].roles) <= ROLES.keys()
    assert written(right, but=DECLARATIONS), f"nobody asks for {right}"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_letter_is_sent_and_written_in_every_language(kind: str) -> None:
    assert written(kind, but={"portal/notifications/kinds.py"}), f"{kind} is never sent"
    for language in ("ja", "ja-easy", "en"):
        assert f"portal/templates/notifications/{language}/{kind}.txt" in {
            path.relative_to(ROOT).as_posix() for path in (ROOT / "portal/templates/notifications").rglob("*.txt")
        }


@pytest.mark.parametrize("name", [*get_args(Need), *get_args(Cause)])
def test_every_input_and_effect_of_a_move_is_implemented(name: str) -> None:
    moves = [move for preset in presets().values() for move in preset.moves]
    used = any(name in (*move.needs, *move.causes) for move in moves)
    assert used or name in SOURCES["forms/workflow/stages.py"], f"no move has {name}"
    assert any(
        re.search(rf"""["']{name}["'] in [\w.]*(needs|causes)""", source)
        for path, source in SOURCES.items()
        if path.startswith("portal/")
    ), f"nobody carries out {name}"


@pytest.mark.parametrize("setting", sorted(Settings.model_fields))
def test_a_setting_is_read(setting: str) -> None:
    read, word = (r"f\"quota_\{", "quota_") if setting.startswith("quota_") else (rf"\.{setting}\b", setting)
    assert any(word in source and re.search(read, source) for source in SOURCES.values()), f"nobody reads {setting}"
    documented = (ROOT / "docs/operate/settings.md").read_text("utf-8")
    last = setting.upper().rpartition("_")[2]
    assert setting.upper() in documented or f"`_{last}`" in documented or f"_{last}" in documented


def test_every_job_without_times_of_its_own_is_enqueued() -> None:
    jobs = [
        name
        for path, source in SOURCES.items()
        if path.endswith("jobs.py")
        for name in re.findall(r"@\w+\.task\([^@]*?\)\n(?:async )?def (\w+)", source)
    ]
    assert len(jobs) > 5
    enqueued = "\n".join(re.findall(r"enqueue\([^)]*", "\n".join(SOURCES.values())))
    constants = {"execute_decision": "JOB", "process_event": "PROCESS_EVENT"}
    for name in jobs:
        names = (f"{name}.name", constants.get(name, name.upper()), name.upper())
        assert any(candidate in enqueued for candidate in names), f"nobody asks for {name}"


def test_every_route_is_linked_from_somewhere() -> None:
    app: Flask = create_app()
    pages = "\n".join(source for path, source in SOURCES.items())
    for rule in app.url_map.iter_rules():
        if rule.endpoint in NOT_BY_PAGES or entry_of(app.view_functions[rule.endpoint]) is None:
            continue
        name = rule.endpoint
        last = [part for part in rule.rule.split("/") if part and "<" not in part]
        led = f"'{name}'" in pages or f'"{name}"' in pages or (not last) or f"/{last[-1]}" in pages
        assert led, f"nothing leads to {rule.rule}"
