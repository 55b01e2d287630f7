"""Answering the office: only the questions it asked about, filled with what was sent, to be corrected and sent back."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from forms.fields import FieldType
from forms.fields.path import head_of
from portal.cases import (
    Outdated,
    SeenVersion,
    answer_correction,
    browser_cases,
    correction_drafts,
    messages,
    refuse_outdated,
    seen_version,
)
from portal.core.access import PUBLIC, allow
from portal.core.clock import TOKYO, now
from portal.core.errors import Invalid, NotFound
from portal.core.page_tokens import is_late
from portal.core.tenancy import current_city
from portal.core.text import _, current_language
from portal.core.web import db
from portal.identity import ensure_browser_key
from portal.maps import base_map_options
from portal.residents import late, visitor_access
from portal.residents.blueprint import bp
from portal.residents.correction_application import Correction, correction_of, open_correction
from portal.residents.correction_proposals import NOTHING_TAKEN, TakenOver, cards_of_correction, take_over
from portal.residents.form_submission import (
    is_refused_address,
    needs_own_address,
    on_page,
    posted,
    refused_address,
    searches,
    stays_on_page,
    stays_to_search,
    take_files,
    take_out_removed_rows,
)

Answer = str | Response | tuple[str, int]

_REPLY = "reply-to-office"
_AS_IT_IS = "send-unchanged"
_NOTHING = "直したところがありません。直してから送ってください。直すところがないときは、「市役所への返事」に、わけを書いてください。"
_OUTDATED = "このページを開いたあとに、この手続きに動きがありました。入力した内容は保存しました。下の内容を確かめて、もう一度送ってください。"


@bp.get("/me/cases/<public_id>/correction")
@allow(PUBLIC)
def correction(public_id: str) -> Answer:
    """The questions to correct, with what was typed into them so far."""
    correction = open_correction(public_id)
    browser_cases.remember_in_browser(db(), correction.case, ensure_browser_key())
    correction.read_kept()
    if is_refused_address():
        correction.errors = correction.faults()
    return _page(correction)


@bp.post("/me/cases/<public_id>/correction")
@allow(PUBLIC)
def send_correction(public_id: str) -> Answer:
    """Send the corrected answers back to the office; what cannot be sent yet is kept as it was typed."""
    if late.correction_kept_for_owner(public_id):
        return late.to_sign_in(url_for("residents.correction", public_id=public_id))
    correction = open_correction(public_id, lock=True)
    form = posted()
    taking = take_files(correction, correction.file_slots(form), form)
    _read(correction, form)
    took = take_over(db(), correction, form, request.form.get("accept-proposal"))
    if took.words:
        _read(correction, form)
    correction.kept = correction_drafts.save_correction_draft(db(), correction.case, correction.as_typed())
    if is_late():
        correction.errors = taking.refused
        return _page(correction, came_late=True), 400
    buttons = {"add-row", "remove-row", "copy-row", "accept-proposal"}
    stays = stays_on_page() or stays_to_search() or not buttons.isdisjoint(request.form)
    correction.errors = ({} if stays else correction.faults()) | taking.refused
    try:
        refuse_outdated(db(), correction.case, SeenVersion.parse(request.form.get("case-seen")))
    except Outdated:
        return _page(correction, outdated=_(_OUTDATED)), 409
    if not taking.refused and correction.appeared(on_page()):
        correction.errors = {}
        return _page(correction, appeared=True)
    if correction.errors and needs_own_address() and correction.errors == _kept_faults(correction):
        return redirect(refused_address(url_for("residents.correction", public_id=public_id)), 303)
    if correction.errors or stays:
        return _page(correction, took=took), taking.status if taking.refused else 422 if correction.errors else 200
    return _hand_in(correction)


def _hand_in(correction: Correction) -> Answer:
    """Give sound answers back to the office, unless there is something to say about them before."""
    try:
        _refuse_saying_nothing(correction)
        left = _left_without_a_word(correction)
        if left and not {question.id for question in left} <= set(request.form.get(_AS_IT_IS, "").split(",")):
            return _page(correction, left=left)
        answer_correction(
            db(),
            correction.case,
            correction.definition,
            correction.answers,
            visitor_access.actor(correction.case),
            note=correction.note or None,
            new_files=correction.to_hand_in,
        )
    except Invalid as fault:
        correction.errors = {path: [sentence] for path, sentence in fault.fields.items()}
        return _page(correction), 422
    correction_drafts.delete_correction_draft(db(), correction.case)
    return redirect(url_for("residents.case", public_id=correction.case.public_id), 303)


@bp.post("/me/cases/<public_id>/correction/autosave")
@allow(PUBLIC)
def autosave_correction(public_id: str) -> Response:
    """Keep a correction that is still being written; the office does not get it yet."""
    if late.correction_kept_for_owner(public_id):
        return jsonify(saved=_saved_words(now()))
    correction = open_correction(public_id, lock=True)
    form = posted()
    take_out_removed_rows(correction, correction.file_slots(form), form)
    _read(correction, form)
    correction_drafts.save_correction_draft(db(), correction.case, correction.as_typed())
    return jsonify(saved=_saved_words(now()))


@bp.post("/me/cases/<public_id>/correction/live")
@allow(PUBLIC)
def live_correction(public_id: str) -> str:
    """The questions that now show or hide, for the answers as they stand on the page. Nothing is kept."""
    correction = open_correction(public_id)
    _read(correction, posted())
    return render_template("residents/correction_live.html", parts=correction.questions({}), shown=on_page())


@bp.post("/me/cases/<public_id>/correction/options")
@allow(PUBLIC)
def correction_options(public_id: str) -> Response:
    """The options that come up for what was typed into a question. Nothing is kept."""
    correction = open_correction(public_id)
    _read(correction, posted())
    path = request.form.get("find-options", "")
    for part in correction.questions({}, searches()):
        if head_of(path) in {question.id for question in part.fields}:
            return jsonify(part.options_found(path))
    raise NotFound


def _refuse_saying_nothing(correction: Correction) -> None:
    """Raise Invalid where nothing was corrected or said; to stay with one's own place answers what the office proposes for it."""
    if correction.says_nothing and not cards_of_correction(db(), correction):
        raise Invalid(_(_NOTHING), {_REPLY: _(_NOTHING)})


def _left_without_a_word(correction: Correction) -> list[FieldType]:
    """What the office named and nobody changed, without a word about it; what it proposes for a place may be left as it is."""
    if correction.note.strip() or cards_of_correction(db(), correction):
        return []
    return correction.left_unchanged


def _kept_faults(correction: Correction) -> dict[str, list[str]]:
    """What must be corrected in what was kept."""
    kept = correction_of(db(), correction.case)
    kept.read_kept()
    return kept.faults()


def _saved_words(saved_at: datetime | None) -> str:
    """When the correction was last saved; that it is saved automatically, while nothing was."""
    if saved_at is None:
        return _("入力は自動で保存します。\n送るまで、市役所には届きません。")
    time = f"{saved_at.astimezone(TOKYO):%H:%M}"
    return _("{time}に自動で保存しました。\n送るまで、市役所には届きません。", time=time)


def _read(correction: Correction, form: Mapping[str, list[str]]) -> None:
    correction.read_posted(form, on_page(), note=request.form.get(_REPLY, ""))


def _page(
    correction: Correction,
    *,
    appeared: bool = False,
    came_late: bool = False,
    outdated: str | None = None,
    took: TakenOver = NOTHING_TAKEN,
    left: Sequence[FieldType] = (),
) -> str:
    asks = [message for message in messages.messages_of(db(), correction.case.id) if message.sender == "staff"]
    parts = correction.questions(correction.errors, searches())
    return render_template(
        "residents/correction.html",
        case=correction.case,
        definition=correction.definition,
        asks=asks[-1] if asks else None,
        named=[(question.id, question.label_in(current_language())) for question in correction.named],
        left=[(question.id, question.label_in(current_language())) for question in left],
        parts=parts,
        summary=[
            *((_REPLY, sentence) for sentence in correction.errors.get(_REPLY, ())),
            *(entry for part in parts for entry in part.summary),
        ],
        appeared=appeared,
        late=came_late,
        outdated=outdated,
        took=took,
        proposals=cards_of_correction(db(), correction),
        base=base_map_options(current_city(), zoom=17),
        seen=seen_version(db(), correction.case),
        reply=correction.note,
        saved=_saved_words(correction.kept.saved_at if correction.kept else None),
    )
