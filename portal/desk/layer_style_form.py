"""The form of a layer's style: how it is coloured, its classes, its lines, names and zooms."""

from typing import Any

import wtforms
from pydantic import ValidationError
from wtforms.validators import Length, Regexp

from geo.catalogue import Entry
from geo.style import MAX_CLASSES, MAX_ZOOM, MIN_ZOOM, LayerStyle, StyleClass
from portal.core.errors import Invalid
from portal.core.forms import Form, HiddenField, RadioField, SelectField, StringField
from portal.core.text import _
from portal.maps import style_of

WAYS = {"single": "1つの色でぬる", "category": "値ごとに色を分ける", "range": "数の大きさで色を分ける"}
METHODS = {"equal_count": "件数がそろうように", "equal_step": "同じ幅で"}
DASHES = {"": "実線", "8 6": "破線", "2 4": "点線"}
_OTHER = "#7a7a7a"
_COLOUR = {"type": "color", "class": ""}
_IS_COLOUR = Regexp(r"^(#[0-9a-fA-F]{6})?\Z", message="色を選び直してください。")


class ClassForm(wtforms.Form):
    """One class: its value or its upper limit, the words of the legend, and its colour."""

    value = HiddenField(validators=[Length(max=200)])
    upper = StringField("この数まで", validators=[Length(max=20)], render_kw={"inputmode": "decimal"})
    label = StringField("凡例の言葉", validators=[Length(max=60)])
    colour = StringField("色", validators=[_IS_COLOUR], render_kw=_COLOUR)


class StyleForm(Form):
    """A style. `seen` marks the one that the page was opened with; `act` is the button: classify, look, standard or save."""

    seen = HiddenField(validators=[Length(max=64)])
    act = HiddenField(validators=[Length(max=20)])
    by = RadioField("色の分けかた")
    property = SelectField("分ける項目")
    count = SelectField("いくつに分けるか")
    method = SelectField("分けかた")
    classes = wtforms.FieldList(wtforms.FormField(ClassForm), max_entries=MAX_CLASSES)
    fill = StringField("ぬりの色", validators=[_IS_COLOUR], render_kw=_COLOUR)
    stroke = StringField("線の色", validators=[_IS_COLOUR], render_kw=_COLOUR)
    other = StringField("ほかの色", validators=[_IS_COLOUR], render_kw=_COLOUR)
    draws_other = RadioField("どの分類でもないもの")
    opacity = SelectField("濃さ")
    width = SelectField("線の太さ")
    dash = SelectField("線の形")
    label = SelectField("地図に出す名前")
    min_zoom = SelectField("この大きさから出す")
    max_zoom = SelectField("この大きさまで出す")

    def offer(self, entry: Entry) -> None:
        """Fill the lists with what the layer has."""
        names = [(name, name) for name in entry.columns]
        self.by.choices = [(key, _(text)) for key, text in WAYS.items()]
        self.property.choices = [("", _("選んでください")), *names]
        self.count.choices = [(str(count), str(count)) for count in range(2, 8)]
        self.method.choices = [(key, _(text)) for key, text in METHODS.items()]
        self.draws_other.choices = [("yes", _("ほかの色でぬる")), ("no", _("地図に出さない"))]
        self.opacity.choices = [(str(share), f"{share}%") for share in (5, 10, 20, 30, 50, 70, 80, 100)]
        self.width.choices = [(str(width), str(width)) for width in (0, 1, 2, 3, 4, 6, 8)]
        self.dash.choices = [(key, _(text)) for key, text in DASHES.items()]
        self.label.choices = [("", _("出さない")), *names]
        zooms = [(str(zoom), str(zoom)) for zoom in range(MIN_ZOOM, MAX_ZOOM + 1)]
        self.min_zoom.choices = [("", _("いつも")), *zooms]
        self.max_zoom.choices = [("", _("いつも")), *zooms]

    def show_style(self, entry: Entry, seen: str) -> None:
        """Fill the form with the style that the layer has."""
        style = LayerStyle.stored(style_of(entry.kind, entry.style))
        self.process(
            formdata=None,
            seen=seen,
            by=style.by or "single",
            property=style.property or "",
            count="5",
            method="equal_count",
            classes=[_shown(each) for each in style.classes],
            fill=style.fill or style.stroke,
            stroke=style.stroke or style.fill,
            other=style.other or _OTHER,
            draws_other="yes" if style.other or not style.by else "no",
            opacity=_nearest(style.opacity * 100, self.opacity),
            width=_nearest(style.width, self.width),
            dash=next((key for key in DASHES if tuple(map(float, key.split())) == style.dash), "8 6"),
            label=style.label or "",
            min_zoom=str(style.min_zoom or ""),
            max_zoom=str(style.max_zoom or ""),
        )
        self.offer(entry)

    def set_classes(self, classes: list[StyleClass]) -> None:
        """Put other classes in the place of those of the form; a form that had none gets a colour for what is in none."""
        if not len(self.classes):
            self.other.data, self.draws_other.data = _OTHER, "yes"
        while len(self.classes):
            self.classes.pop_entry()
        for each in classes:
            self.classes.append_entry(_shown(each))

    def style(self, kind: str) -> LayerStyle:
        """The style that the form describes. Raises Invalid with the fields at fault."""
        by = self.by.data if self.by.data in ("category", "range") else None
        values: dict[str, Any] = {
            "fill": self.fill.data or None if kind != "line" else None,
            "stroke": self.stroke.data or None if kind != "point" else None,
            "opacity": _number(self.opacity.data) / 100,
            "width": _number(self.width.data),
            "dash": [float(part) for part in self.dash.data.split()] if self.dash.data in DASHES else [],
            "label": self.label.data or None,
            "min_zoom": self.min_zoom.data or None,
            "max_zoom": self.max_zoom.data or None,
        }
        if by:
            if not self.property.data or not len(self.classes):
                sentence = _("分ける項目を選んで、「分けてみる」を押してください。")
                raise Invalid(sentence, {"property": sentence})
            values |= {"by": by, "property": self.property.data, "classes": self._classes(by)}
            values["other"] = self.other.data or None if self.draws_other.data != "no" else None
        try:
            return LayerStyle.model_validate(values)
        except ValidationError as error:
            if "upper" in str(error):
                sentence = _("「この数まで」は、上から小さい順に、ちがう数を入力してください。")
                raise Invalid(sentence, {"classes": sentence}) from error
            raise Invalid(_("選び直してください。")) from error

    def _classes(self, by: str) -> list[dict[str, Any]]:
        rows = [entry.form for entry in self.classes]
        classes: list[dict[str, Any]] = []
        for n, row in enumerate(rows):
            each: dict[str, Any] = {"colour": row.colour.data, "label": row.label.data.strip()}
            if by == "category":
                each["value"] = row.value.data
            elif n < len(rows) - 1:
                each["upper"] = self._upper(row)
            classes.append(each)
        return classes

    def _upper(self, row: ClassForm) -> float:
        try:
            return float(row.upper.data.replace(",", ""))
        except ValueError as error:
            sentence = _("「この数まで」は、0.5のように数で入力してください。")
            raise Invalid(sentence, {"classes": sentence}) from error


def _shown(each: StyleClass) -> dict[str, str]:
    upper = "" if each.upper is None else f"{each.upper:g}"
    return {"value": each.value or "", "upper": upper, "label": each.label, "colour": each.colour}


def _nearest(number: float, field: SelectField) -> str:
    """The option nearest to a number, for a style that was not made by this form."""
    options = {"opacity": (5, 10, 20, 30, 50, 70, 80, 100), "width": (0, 1, 2, 3, 4, 6, 8)}[field.name]
    return str(min(options, key=lambda option: abs(option - number)))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise Invalid(_("選び直してください。")) from error
