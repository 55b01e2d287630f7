"""The demo procedures, as files."""

import re
from functools import cache
from pathlib import Path
from types import MappingProxyType

import forms
from forms import Definition, load
from forms.catalogue.vocabulary import procedure_files

_FOLDER = Path(forms.__file__).parent / "catalogue"
_VOCABULARIES = {"items", "facts", "windows", "workflows"}


@cache
def catalogue() -> MappingProxyType[str, str]:
    """The sources of the demo procedures by key."""
    return MappingProxyType(
        {path.stem: path.read_text() for path in sorted(_FOLDER.glob("*.yaml")) if path.stem not in _VOCABULARIES}
    )


@cache
def shipped_source(key: str) -> str:
    """The source of any procedure that comes with Madoguchi, those of the life events included."""
    return next(path for path in procedure_files() if path.stem == key).read_text()


@cache
def loaded(file: Path) -> Definition:
    """The definition in a file, read once for all tests; nobody changes one."""
    return load(file.read_bytes())


def in_no_declared_language(source: str) -> str:
    """A procedure that declares no languages, so that a test may add texts in Japanese alone."""
    return re.sub(r"^languages: .*\n", "", source, flags=re.MULTILINE)


def with_whole_examples(source: str, count: int) -> str:
    """A definition with its first example alone, so many times by other names: each whole, like no other."""
    head, _, examples = source.partition("\nexamples:\n")
    first = re.split(r"(?=^  - name: )", examples, flags=re.M)[1]
    return head + "\nexamples:\n" + "".join(re.sub("name: .*", f"name: 見本{n}", first, count=1) for n in range(count))
