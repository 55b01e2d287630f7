"""Every class and custom property of the style sheets is used, and every class that an element gets has a rule."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.files import name_of, ours

HOOKS = {"folium-map"}
"""Classes without a rule of their own: names by which other programs find an element."""
FOREIGN = re.compile(r"leaflet-|folium-|marker-icon|vertexmarker-")
"""Classes that Leaflet, Leaflet-Geoman and Folium give to the elements they make."""
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.S)
LITERAL = re.compile(r"""'([^'\n]*)'|"([^"\n]*)"|`([^`]*)`""")
CLASS_ATTRIBUTE = re.compile(r"""\bclass=(["'])((?:\{\{.*?\}\}|\{%.*?%\}|(?!\1).)*)\1""", re.S)
CLASS_BLOCK = re.compile(r"\{% block \w*_class %\}(.*?)\{% endblock %\}", re.S)
CLASS_IN_SCRIPT = re.compile(
    r"""(?:className\s*[=:]|classList\.\w+\()\s*(?:[^"'`\n;]*\?\s*)?["`]([^"`]*)["`](?:\s*:\s*"([^"]*)")?"""
)
CLASS_IN_PYTHON = re.compile(r"""svgclass="([^"]*)\"""")
DECLARED = re.compile(r"(?<![\w-])(--[\w-]+)\s*:")
READ = re.compile(r"(?:var\(|getPropertyValue\([\"'`])(--[\w-]+)(\$\{)?")


def sources(*suffixes: str) -> list[Path]:
    """Files of the portal and its libraries. The sandbox has pages and a style sheet of its own."""
    return [path for path in ours(*suffixes) if not re.search(r"(^|/)(tests|sandbox)/", name_of(path))]


def text_of(path: Path) -> str:
    """The text of a file without the comments of templates and style sheets."""
    return re.sub(r"\{#.*?#\}|/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)


def rules() -> str:
    """All style sheets in one, without their inline pictures."""
    return re.sub(r"url\((?:\"[^\"]*\"|[^)]*)\)", "", "\n".join(text_of(path) for path in sources(".css")))


def styled_classes() -> set[str]:
    """The classes that a selector names."""
    selectors = re.findall(r"(?:^|[{};])([^{};@]+)\{", re.sub(r'"[^"]*"', "", rules()))
    return {name for selector in selectors for name in re.findall(r"\.([a-zA-Z_][\w-]*)", selector)}


def words_in_quotes(text: str) -> Iterator[str]:
    """The words of every string in a piece of code."""
    for literal in LITERAL.finditer(text):
        yield from re.findall(r"[\w-]+", " ".join(filter(None, literal.groups())))


def classes_in(attribute: str) -> set[str]:
    """The classes in the value of a `class` attribute, with those that its Jinja may print. `note--` stands for `note--{{ kind }}`."""
    plain = re.sub(r"\$\{.*?\}", "\0", JINJA.sub("\0", attribute))
    printed = {
        word
        for code in JINJA.findall(attribute)
        for word in words_in_quotes(code)
        if not re.search(rf"""(?:[=!]=\s*|\bin\s+|\(|,\s*)['"]{re.escape(word)}['"]""", code)
    }
    return set(re.findall(r"[\w-]+", plain)) | printed


def given_classes() -> dict[str, set[str]]:
    """Classes that elements get, each with the files that give it."""
    places: dict[str, set[str]] = {}
    for path in sources(".html", ".js", ".py"):
        text = text_of(path)
        attributes = [match[2] for match in CLASS_ATTRIBUTE.finditer(text)]
        attributes += CLASS_BLOCK.findall(text)
        attributes += [" ".join(filter(None, match.groups())) for match in CLASS_IN_SCRIPT.finditer(text)]
        attributes += CLASS_IN_PYTHON.findall(text)
        for name in {name for attribute in attributes for name in classes_in(attribute)}:
            places.setdefault(name, set()).add(name_of(path))
    return places


def handed_over() -> set[str]:
    """Words that templates pass to macros and that scripts assemble: the classes among them reach an element elsewhere."""
    templates = {
        word for path in sources(".html") for code in JINJA.findall(text_of(path)) for word in words_in_quotes(code)
    }
    return templates | {word for path in sources(".js") for word in words_in_quotes(text_of(path))}


def test_every_class_of_the_style_sheets_is_used() -> None:
    used, assembled = given_classes(), handed_over()
    prefixes = [name for name in used if name.endswith("-")]
    unused = {
        name
        for name in styled_classes() - set(used) - assembled
        if not FOREIGN.match(name)
        and not any(name.startswith(prefix) and name.removeprefix(prefix) in assembled for prefix in prefixes)
    }
    assert unused == set()


def test_every_class_that_an_element_gets_has_a_rule() -> None:
    styled = styled_classes()
    without_rule = {
        name: places
        for name, places in given_classes().items()
        if name not in styled | HOOKS and not (name.endswith("-") and any(rule.startswith(name) for rule in styled))
    }
    assert without_rule == {}


def test_every_custom_property_is_used() -> None:
    texts = [text_of(path) for path in sources(".css", ".html", ".js")]
    read = {(match[1], bool(match[2])) for text in texts for match in READ.finditer(text)}
    unused = {
        name
        for name in DECLARED.findall(rules())
        if not any(name.startswith(used_name) if is_prefix else name == used_name for used_name, is_prefix in read)
    }
    assert unused == set()


def test_every_custom_property_that_is_read_is_declared() -> None:
    declared = set(DECLARED.findall(rules()))
    texts = [text_of(path) for path in sources(".css", ".html", ".js")]
    read = {match[1] for text in texts for match in READ.finditer(text) if not match[2]}
    assert read - declared == set()
