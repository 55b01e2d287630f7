"""`file`: documents that the applicant adds."""

from collections.abc import Mapping
from typing import ClassVar, Literal, Self

from pydantic import Field, JsonValue, model_validator
from typing_extensions import override

from forms.fields.base import CelType, FieldError, FieldType, ReadContext, Reading
from forms.fields.reader import FormReader
from forms.text.ways import ways_of

FileKind = Literal["pdf", "jpeg", "png", "heic"]
MEDIA_TYPES: dict[FileKind, tuple[str, ...]] = {
    "pdf": ("application/pdf",),
    "jpeg": ("image/jpeg",),
    "png": ("image/png",),
    "heic": ("image/heic", "image/heif"),
}
_KEYS = {"id": str, "name": str, "size": int, "media_type": str}


class Files(FieldType):
    """What `file` and `photo` share. The portal stores files; an answer refers to them by id.

    A posted form names ids only (`<id>.files`), and an id counts if `ReadContext.files` has it: nobody can take another
    person's file into an application by writing its id.
    """

    missing_code: ClassVar[str] = "file_missing"
    takes_default = False

    min: int = Field(1, ge=0, le=20)
    max: int = Field(5, ge=1, le=20)
    max_mb: int = Field(10, ge=1, le=50)
    accept: list[FileKind] = Field(default=["pdf", "jpeg", "png", "heic"], min_length=1)

    @model_validator(mode="after")
    def _counts_are_ordered(self) -> Self:
        if self.min > self.max:
            raise ValueError("min が max より大きいので、だれも答えられません。")
        return self

    @property
    def media_types(self) -> tuple[str, ...]:
        """The media types that are taken, for the `accept` attribute and the check of what was sent."""
        return tuple(media_type for kind in self.accept for media_type in MEDIA_TYPES[kind])

    @property
    def stored_media_types(self) -> frozenset[str]:
        """The media types that a file may have once it is stored: HEIC is kept as JPEG."""
        return frozenset(self.media_types) | ({"image/jpeg"} if "heic" in self.accept else set())

    @override
    def read(self, form: FormReader, context: ReadContext) -> Reading:
        ids = list(dict.fromkeys(text for text in form.texts("files") if text))
        if not ids:
            return self.absent()
        own_files = [context.files[file_id] for file_id in ids if file_id in context.files]
        if len(own_files) < len(ids):
            return Reading(None, (FieldError("file_gone"),))
        value: list[JsonValue] = [
            {"id": file["id"], "name": file["name"], "size": file["size"], "media_type": file["media_type"]}
            for file in own_files
        ]
        errors = self.check(value, context)
        return Reading(None if errors else value, tuple(errors))

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        if value is None or value == []:
            return self.missing()
        if not isinstance(value, list) or not all(_is_reference(item) for item in value):
            return [FieldError("malformed")]
        if len(value) < self.min:
            return [FieldError(f"{self.counted_as}_min", values={"min": self.min, "now": len(value)})]
        if len(value) > self.max:
            return [FieldError("files_max", values={"max": self.max})]
        errors = []
        for file in value:
            if file["media_type"] not in self.stored_media_types:
                kinds = "、".join(kind.upper() for kind in self.accept)
                errors.append(FieldError("file_type", values={"name": file["name"], "kinds": kinds}))
            if file["size"] > self.max_mb * 1_000_000:
                errors.append(FieldError("file_size", values={"name": file["name"], "max": self.max_mb}))
        return errors

    @property
    def counted_as(self) -> str:
        """What the messages about their number begin with: `files_min`, `files_full`."""
        return "files"

    @property
    def accept_attribute(self) -> str:
        """What the browser offers to choose. Kinds of picture are not told apart: a telephone's own list is not to be trusted."""
        pictures = "image/*,.heic,.heif" if set(self.accept) - {"pdf"} else ""
        papers = "application/pdf,.pdf" if "pdf" in self.accept else ""
        return ",".join(part for part in (papers, pictures) if part)

    @property
    def shrink_bytes(self) -> int:
        """From which size on the browser makes a picture smaller before it sends it. Papers keep every detail while they fit."""
        return self.max_mb * 1_000_000

    def progress(self, now: int) -> FieldError:
        """How many are there, and how many more there must or may be: a message for the applicant, not an error."""
        if now >= self.max:
            code = "complete"
        elif now >= self.min and now:
            code = "enough"
        elif self.min > 1:
            code = "missing"
        else:
            code = "none"
        values = {"now": now, "min": self.min, "max": self.max, "left": self.min - now}
        return FieldError(f"{self.counted_as}_{code}", values=values)

    @override
    def inputs(self, value: JsonValue) -> dict[str, str | list[str]]:
        references = _references(value)
        return {"files": [str(file["id"]) for file in references]} if references else {}

    @override
    def show(self, value: JsonValue, language: str) -> str:
        return ways_of(language).listed(str(file["name"]) for file in _references(value))

    @override
    def cel_types(self) -> dict[str, CelType]:
        return {"count": "int"}

    @override
    def cel_values(self, value: JsonValue, facts: Mapping[str, object]) -> dict[str, object]:
        return {"count": len(_references(value))}


class FileField(Files):
    """Documents: PDF or pictures."""

    type: Literal["file"]


def _is_reference(item: object) -> bool:
    return (
        isinstance(item, dict)
        and set(item) == set(_KEYS)
        and all(isinstance(item[key], kind) and not isinstance(item[key], bool) for key, kind in _KEYS.items())
        and item["size"] >= 0
    )


def _references(value: object) -> list[dict[str, object]]:
    return [item for item in value if _is_reference(item)] if isinstance(value, list) else []
