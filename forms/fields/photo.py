"""`photo`: pictures that the applicant takes or chooses."""

from typing import Literal

from pydantic import Field
from typing_extensions import override

from forms.fields.file import FileKind, Files


class PhotoField(Files):
    """Photographs. The browser offers the camera; where a picture was taken is removed when it is stored."""

    type: Literal["photo"]
    accept: list[FileKind] = Field(default=["jpeg", "png", "heic"], min_length=1)

    @property
    @override
    def counted_as(self) -> str:
        return "photos"
