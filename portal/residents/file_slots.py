"""Where a form takes files: at a question, or at a question in each row of a group.

A stored file knows its question (`faces.photo`); the row that it belongs to is the one whose saved or posted inputs name it, because
rows move up when one before them is taken out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from forms.fields import FieldType, GroupField
from forms.fields.file import Files
from forms.fields.occurrences import question_at, slot_of, slots
from forms.fields.path import FieldPath
from portal.files import StoredFile

Form = Mapping[str, list[str]]


@dataclass(frozen=True)
class FileSlot:
    """A question that takes files, at its path in the form."""

    path: str
    question: Files

    @property
    def field(self) -> str:
        """What a stored file names as its question."""
        return slot_of(self.path)

    @property
    def rows(self) -> list[str]:
        """The paths of the rows in which it stands."""
        parts = self.path.split(".")
        return [".".join(parts[: end + 1]) for end, part in enumerate(parts) if part.isdigit()]

    @property
    def in_row(self) -> bool:
        """Whether it stands in a row of a group."""
        return self.field != self.path


def plain_slots(questions: Iterable[FieldType]) -> list[FileSlot]:
    """The questions that take files, rows aside."""
    return [FileSlot(question.id, question) for question in questions if isinstance(question, Files)]


def row_slots(questions: Iterable[FieldType]) -> dict[str, Files]:
    """The questions in rows that take files, as stored files name them."""
    return {
        slot: question
        for group in questions
        if isinstance(group, GroupField)
        for slot, question in slots(group)
        if isinstance(question, Files)
    }


def slots_in_form(questions: Sequence[FieldType], form: Form) -> list[FileSlot]:
    """Every place for files, those of the rows that a form has too."""
    in_rows = row_slots(questions)
    rows = sorted({row for name in form for row in _rows_around(name)}) if in_rows else []
    return plain_slots(questions) + [
        FileSlot(f"{'.'.join(map(str, row))}.{name}", question)
        for row in rows
        for field, question in in_rows.items()
        for group, _, name in [field.rpartition(".")]
        if group == ".".join(part for part in row if isinstance(part, str))
    ]


def _rows_around(name: str) -> Iterator[tuple[str | int, ...]]:
    """The rows in which an input stands, the outer one first: the parts of their paths, numbers as numbers."""
    parts = FieldPath.parse(name).parts
    path: tuple[str | int, ...] = ()
    for part in parts:
        number = FieldPath((part,)).number
        path += (part if number is None else number,)
        if number is not None:
            yield path


def slot_at(questions: Sequence[FieldType], path: str) -> FileSlot | None:
    """The place for files at a path as a page names it; None where there is none."""
    question = question_at({field.id: field for field in questions}, path)
    if not isinstance(question, Files):
        return None
    slot = FileSlot(path, question)
    numbered = FieldPath.parse(path).row is not None
    return slot if numbered == ("." in slot.field) else None


def files_in_rows(
    in_rows: Mapping[str, Files], form: Form, saved: Mapping[str, str | list[str]], stored: Sequence[StoredFile]
) -> dict[str, list[str]]:
    """The files of each row by the names of their inputs: where the form has them, else where they were saved.

    A file that the form does not name was added meanwhile, by a script or on another device. What the form says of a file that is
    not stored (any more) does not count.
    """
    own = {file.public_id: file.field for file in stored if file.field in in_rows}
    placed: dict[str, str] = {}
    for inputs in (form, saved):
        here: dict[str, str] = {}
        for name, ids in inputs.items():
            if not name.endswith(".files") or slot_of(name).removesuffix(".files") not in in_rows:
                continue
            for file_id in [ids] if isinstance(ids, str) else ids:
                if own.get(file_id) == slot_of(name).removesuffix(".files"):
                    here.setdefault(file_id, name)
        placed = here | placed
    by_name: dict[str, list[str]] = {
        name: [] for name in form if name.endswith(".files") and slot_of(name).removesuffix(".files") in in_rows
    }
    order = {file.public_id: number for number, file in enumerate(stored)}
    for file_id in sorted(placed, key=order.__getitem__):
        by_name.setdefault(placed[file_id], []).append(file_id)
    return by_name
