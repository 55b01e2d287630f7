"""Posted form values as one field sees them: `name.family` is `family` to the field `name`."""

from collections.abc import Mapping, Sequence

from forms.fields.path import FieldPath, joined
from forms.text.safety import printable
from writing.invisible import visible

#: Rows of one group: the people of a firm, the days of a season.
MAX_ROWS = 500


class FormReader:
    """The inputs of a posted form under one prefix. Values are strings; a missing input is empty."""

    def __init__(self, form: Mapping[str, Sequence[str]], prefix: str) -> None:
        self._form = form
        self.prefix = prefix

    def _name(self, part: str) -> str:
        return joined(self.prefix, part)

    def text(self, part: str = "") -> str:
        """The first value posted as `part`, or an empty string."""
        values = self.texts(part)
        return values[0] if values else ""

    def texts(self, part: str = "") -> list[str]:
        """Every value posted as `part` (checkboxes, files), without invisible characters."""
        values = self._form.get(self._name(part), ())
        return [visible(value) for value in ([values] if isinstance(values, str) else values)]

    def within(self, part: str) -> "FormReader":
        """The reader of a field inside this one."""
        return FormReader(self._form, self._name(part))

    def rows(self) -> dict[int, "FormReader"]:
        """The rows posted under this prefix by number, in order (`items.0.kind`, `items.2.kind` -> 0, 2); each reads its own inputs alone."""
        outer = FieldPath.parse(self.prefix)
        rows: dict[int, dict[str, Sequence[str]]] = {}
        for name, texts in self._form.items():
            inner = FieldPath.parse(name).within(outer)
            if inner is not None and inner.number is not None:
                rows.setdefault(inner.number, {})[name] = texts
        return {number: FormReader(rows[number], self._name(str(number))) for number in sorted(rows)[:MAX_ROWS]}

    def raw(self) -> dict[str, str | list[str]]:
        """The raw text by part, to fill the page again beside its messages; a list where several values were posted."""
        parts = {str(path) for path in self._within()}
        typed: dict[str, str | list[str]] = {}
        for part in sorted(parts):
            values = [printable(value) for value in self.texts(part)]
            typed[part] = values[0] if len(values) == 1 else values
        return typed

    def _within(self) -> list[FieldPath]:
        """The paths of everything posted under the prefix, seen from it."""
        outer = FieldPath.parse(self.prefix)
        inner = (FieldPath.parse(name).within(outer) for name in self._form)
        return [path for path in inner if path is not None]
