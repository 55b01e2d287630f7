"""Which verb of the editor a posted step is."""

from collections.abc import Callable, Mapping

from portal.core.errors import Invalid
from portal.core.text import _
from portal.desk.layer_edit_forms import StepForm, fresh_token, posted_properties
from portal.maps import editing

Verb = Callable[[editing.LayerEditor, StepForm, str, int], object]


def take_step(editor: editing.LayerEditor, form: StepForm) -> int | None:
    """Take the step of a form; returns the feature that is chosen then, if any. Raises as the editor's verbs do."""
    act, token, feature_id = form.act.data, form.token.data or fresh_token(), form.feature_id
    if not form.validate():
        raise Invalid(_("入力を確かめてください。"))
    if act in {"undo", "redo"}:
        _retrace(editor, form)
        return feature_id
    if act == "draw":
        return editor.draw(token, editing.read_geometry(form.geometry.data))
    if act == "positions":
        return editor.type_positions(token, feature_id, form.positions.data, in_plane=_in_plane(form))
    if act in {"merge", "remove"}:
        return _together(editor, form, token)
    if act not in _OF_ONE:
        raise Invalid(_("どれか1つを選んでください。"))
    if feature_id is None:
        raise Invalid(_("地物を選んでください。"))
    _OF_ONE[act](editor, form, token, feature_id)
    return feature_id


def _retrace(editor: editing.LayerEditor, form: StepForm) -> None:
    if form.n.data.isascii() and form.n.data.isdecimal():
        (editor.undo if form.act.data == "undo" else editor.redo)(int(form.n.data))


def _together(editor: editing.LayerEditor, form: StepForm, token: str) -> int | None:
    ids = ([] if form.feature_id is None else [form.feature_id]) + form.feature_ids
    if not ids:
        raise Invalid(_("一覧で地物を選んでください。"))
    if form.act.data == "merge":
        return editor.merge(token, ids)
    editor.remove(token, ids)
    return None


def _drawn(editor: editing.LayerEditor, form: StepForm) -> object:
    """What was drawn or typed to divide, cut or enlarge a feature with."""
    if not form.positions.data.strip():
        return editing.read_geometry(form.geometry.data)
    kind = {"split": "line", "cut": "polygon"}.get(form.act.data, editor.kind)
    return editor.read_positions(form.positions.data, kind, in_plane=_in_plane(form))


def _in_plane(form: StepForm) -> bool:
    return form.system.data != "degrees"


def _describe(editor: editing.LayerEditor, _form: StepForm, token: str, feature_id: int) -> None:
    editor.describe(token, feature_id, posted_properties(editor.columns))


_OF_ONE: Mapping[str, Verb] = {
    "shape": lambda editor, form, token, which: editor.reshape(token, which, editing.read_geometry(form.geometry.data)),
    "move": lambda editor, form, token, which: editor.move(token, which, *form.metres),
    "properties": _describe,
    "split": lambda editor, form, token, which: editor.split(token, which, _drawn(editor, form)),
    "cut": lambda editor, form, token, which: editor.cut(token, which, _drawn(editor, form)),
    "part": lambda editor, form, token, which: editor.add_part(token, which, _drawn(editor, form)),
}
