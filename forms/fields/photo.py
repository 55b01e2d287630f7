"""`photo`: pictures that the applicant takes or chooses."""

from typing import ClassVar, Literal

from pydantic import Field
from typing_extensions import override

from forms.fields.file import FileKind, Files

_SHRINK_BYTES = 2_000_000
"""What a telephone's picture seldom needs to have, and a weak line takes half a minute for."""


class PhotoField(Files):
    """Photographs. The browser offers the camera; where a picture was taken is removed when it is stored."""

    missing_code: ClassVar[str] = "photo_missing"
    type: Literal["photo"]
    accept: list[FileKind] = Field(default=["jpeg", "png", "heic"], min_length=1)

    @property
    @override
    def counted_as(self) -> str:
        return "photos"

    @property
    @override
    def shrink_bytes(self) -> int:
        return min(_SHRINK_BYTES, super().shrink_bytes)
