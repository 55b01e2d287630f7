"""A picture that helps to answer: where the number stands on the meter, how the photo should look."""

import re
from typing import Final

from pydantic import BaseModel, ConfigDict, field_validator

from forms.text.localized import Text

#: How the file of a picture is named, in a definition and beside it.
PICTURE_FILE: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}\.(png|jpg)")


class Picture(BaseModel):
    """A picture kept with the definition under the name `file`. `alt` says the same in words, for whoever does not see it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    alt: Text

    @field_validator("file")
    @classmethod
    def _has_a_plain_name(cls, file: str) -> str:
        if not PICTURE_FILE.fullmatch(file):
            raise ValueError(
                f"画像の名前「{file[:60]}」は使えません。半角の英小文字・数字・- と _ で書き、.png か .jpg で終えてください(例：meter.png)。"
            )
        return file
