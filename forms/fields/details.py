"""What a question or a page says on request: a line to press, and the text that then opens."""

from pydantic import BaseModel, ConfigDict

from forms.fields.picture import Picture
from forms.text.localized import Text


class Details(BaseModel):
    """A text that is closed until somebody presses its `summary`, with a picture under it. Line breaks of the text stay."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    summary: Text
    text: Text
    picture: Picture | None = None
