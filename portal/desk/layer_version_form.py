"""What the history says of a new version of a layer, whether it came by editing or by a file."""

from datetime import date

from wtforms.validators import Length

from portal.core.errors import Invalid
from portal.core.forms import Form, StringField
from portal.core.text import _


class VersionForm(Form):
    """The day of the data of a new version; forms derived from it have the `note`, in their own words."""

    data_date = StringField("データの日", render_kw={"type": "date"})

    @property
    def day(self) -> date | None:
        """The day as of which the data are right. Raises Invalid for text that is no day."""
        text = self.data_date.data.strip()
        try:
            return date.fromisoformat(text) if text else None
        except ValueError as error:
            sentence = _("データの日は、2027-04-01のように入力してください。")
            raise Invalid(sentence, {"data_date": sentence}) from error


NOTE_LENGTH = Length(max=200)
"""For the reason that the history keeps."""
