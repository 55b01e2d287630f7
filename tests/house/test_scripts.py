"""What pages and scripts exchange: `data-` attributes, custom events, and the texts that scripts show."""

import re
from collections.abc import Iterable
from pathlib import Path

from forms.text.ways import WAYS
from tests.house.files import ROOT, name_of, ours
from tests.house.test_styles import sources, text_of

SCRIPTS = ROOT / "static" / "js"
EVENTS = SCRIPTS / "events.js"
MESSAGES = SCRIPTS / "page" / "messages.js"
CONSTANT = re.compile(r"/\*\*(?P<comment>(?:(?!\*/).)*?)\*/\nexport const (?P<name>\w+) = \"(?P<event>[^\"]+)\";", re.S)


def scripts() -> list[Path]:
    """The modules that browsers get."""
    return [path for path in sources(".js") if SCRIPTS in path.parents]


def kebab(name: str) -> str:
    """`caseId`, as scripts write it, as templates write it: `case-id`."""
    return re.sub(r"[A-Z]", lambda letter: f"-{letter[0].lower()}", name)


def written_attributes() -> set[str]:
    """The `data-` attributes that templates and scripts give to elements, without their prefix."""
    templates = "\n".join(text_of(path) for path in sources(".html"))
    code = "\n".join(text_of(path) for path in scripts())
    in_tags = re.findall(r"(?<=\s)data-([a-z-]+)(?=[=\s>{])", templates)
    as_keywords = [name.replace("_", "-") for name in re.findall(r"(?<![\w-])data_([a-z_]+)=", templates)]
    by_scripts = [kebab(name) for name in re.findall(r"dataset\.(\w+) = ", code)]
    return {*in_tags, *as_keywords, *by_scripts}


def read_attributes(paths: Iterable[Path]) -> set[str]:
    """The `data-` attributes that scripts read, without their prefix."""
    code = "\n".join(text_of(path) for path in paths)
    selected = re.findall(r"\[data-([a-z-]+)", code)
    members = [kebab(name) for name in re.findall(r"dataset\??\.(\w+)", code)]
    unpacked = [
        kebab(name.partition(":")[0].partition("=")[0].strip())
        for names in re.findall(r"\{([^{}]*)\} = [^;,]*?dataset\b", code)
        for name in names.split(",")
    ]
    indirect = re.findall(r'(?:partOf\(\w+, |this\.find\()"([\w-]+)"', code) + re.findall(
        r'"([\w-]+)" in \w+\.dataset', code
    )
    return {*selected, *members, *unpacked, *indirect}


def test_every_data_attribute_is_read() -> None:
    styles = set(re.findall(r"\[data-([a-z-]+)", "\n".join(text_of(path) for path in sources(".css"))))
    in_tests = {
        name
        for path in ours(".py")
        if "tests" in path.parts and path != Path(__file__)
        for name in re.findall(r"data-([a-z-]+)", path.read_text(encoding="utf-8"))
    }
    assert written_attributes() - read_attributes(scripts()) - styles - in_tests == set()


def test_every_data_attribute_that_is_read_is_written() -> None:
    assert read_attributes(scripts()) - written_attributes() == set()


def test_every_custom_event_has_the_sender_and_the_listeners_that_its_list_names() -> None:
    listed = {
        constant["name"]: re.split(r"[Ss]ent by|heard by", constant["comment"])
        for constant in CONSTANT.finditer(EVENTS.read_text("utf-8"))
    }
    documented = {
        name: [set(re.findall(r"`([\w/-]+\.js)`", part)) for part in parts[1:]] for name, parts in listed.items()
    }
    code = {path.relative_to(SCRIPTS).as_posix(): text_of(path) for path in scripts() if path != EVENTS}
    actual = {
        name: [
            {path for path, text in code.items() if f"new CustomEvent({name}" in text},
            {path for path, text in code.items() if f"addEventListener({name}," in text},
        ]
        for name in listed
    }
    assert documented == actual
    assert all(len(senders) == 1 and listeners for senders, listeners in actual.values())


def test_no_custom_event_is_named_outside_the_list() -> None:
    literal = re.compile(r"new CustomEvent\([\"'`]|addEventListener\([\"'`](?!htmx:)\w+:")
    assert [name_of(path) for path in scripts() if literal.search(text_of(path))] == []


def test_every_text_of_the_scripts_is_used_and_there_in_each_language() -> None:
    languages = re.findall(r"^  \"?([\w-]+)\"?: \{\n(.*?)^  \},$", MESSAGES.read_text("utf-8"), re.S | re.M)
    texts = {tag: set(re.findall(r"^    (\w+):", body, re.M)) for tag, body in languages}
    japanese = texts["ja"]
    assert texts.keys() == {ways.tag for ways in WAYS.values()}
    assert [tag for tag in texts if texts[tag] != japanese] == []
    code = "\n".join(text_of(path) for path in scripts() if path != MESSAGES)
    assert japanese == {key for key in japanese if f'"{key}"' in code}
