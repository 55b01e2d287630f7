"""The forms of kept views, and their addresses."""

from urllib.parse import parse_qsl, urlencode

from portal.cases.saved_views import MAX_NAME, KeptView
from portal.core.forms import Form, HiddenField, SelectField, StringField
from portal.core.text import _
from portal.desk.forms import whole_number
from portal.desk.map_state import NONE

MINE = "mine"


class ViewForm(Form):
    """A view to keep: its name, and whose it is to be."""

    name = StringField("名前", render_kw={"maxlength": MAX_NAME, "autocomplete": "off"})
    owner = SelectField("だれの一覧に出すか", choices=[])

    def offer(self, departments: dict[int, str]) -> None:
        """Offer oneself, and these departments by their titles."""
        self.owner.choices = [(MINE, _("わたしだけ")), *((str(key), title) for key, title in departments.items())]

    @property
    def department_id(self) -> int | None:
        """The department, None for oneself; 0, which none has, for what no page offers."""
        return None if self.owner.data in {"", MINE} else whole_number(self.owner.data, digits=18) or 0


class ViewActForm(Form):
    """What is done with a view: `act` is rename, up, down, begin or end."""

    act = HiddenField()
    name = StringField("名前", render_kw={"maxlength": MAX_NAME, "autocomplete": "off"})


def address_of(view: KeptView) -> str:
    """The address that brings a view back."""
    pairs = parse_qsl(view.query) or [("view", "all")]
    if view.at:
        pairs.append(("at", view.at))
    if view.layers is not None:
        pairs.append(("layers", ",".join(view.layers) or NONE))
    if view.base:
        pairs.append(("base", view.base))
    return f"/desk?{urlencode(pairs, safe='/,:')}"
