"""What a page posts beside its questions, so that the next reading can tell what was left as it was from what was typed."""

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256

from forms.fields.options import Option

_DEFAULT = ".-default."


def default_mark(path: str, parts: Mapping[str, str | list[str]]) -> str:
    """The mark of a question that shows its default; `parts` are what stands in its inputs."""
    filled = sorted((part, [text.split() for text in listed(texts)]) for part, texts in parts.items() if listed(texts))
    return f"{path}{_DEFAULT}{_digest(filled)}"


def question_of_default(mark: str) -> str | None:
    """The path of the question that a mark of a default speaks of; None for any other mark."""
    path, is_default, _digits = mark.partition(_DEFAULT)
    return path if is_default else None


def options_mark(path: str, options: Sequence[Option]) -> str:
    """The mark of a question whose options follow from answers."""
    return f"{path}.-options.{_digest([option.id for option in options])}"


def days_mark(path: str, days: Sequence[date] | None) -> str:
    """The mark of a question that offers days, which follow from answers."""
    return f"{path}.-days.{_digest(None if days is None else [day.isoformat() for day in days])}"


def limits_mark(path: str, least: int, most: int) -> str:
    """The mark of a group whose number of rows follows from answers."""
    return f"{path}.-{least}-{most}"


def listed(text: str | list[str]) -> list[str]:
    """The texts of one input that are not blank."""
    return [value for value in ([text] if isinstance(text, str) else text) if value]


def _digest(content: object) -> str:
    return sha256(repr(content).encode()).hexdigest()[:12]
