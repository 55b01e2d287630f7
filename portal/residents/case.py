"""One application of mine: where it stands, what was said, answers, files, payments; writing to the office, taking it back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from forms import Definition, evaluate
from portal import files
from portal.cases import (
    Case,
    Outdated,
    PossiblePaper,
    SeenVersion,
    chain_of,
    consents_of_case,
    drafts,
    follow_ups,
    messages,
    moves,
    open_answers,
    payouts_of_case,
    places_of_case,
    possible_papers,
    queries,
    refuse_outdated,
    seen_version,
    void_slips,
    waiting_words,
)
from portal.cases.appeals import teaching_of
from portal.cases.lotteries import answer_lottery_offer, lottery_offer
from portal.cases.map_objections import object_to_map
from portal.cases.messages import came_from_office, files_by_message, is_of_message
from portal.cases.moves import MoveInputs
from portal.cases.place_proposals import proposals_of_case
from portal.cases.queries import FormerDecisionTold, former_decisions, state_of, whole_workflow
from portal.cases.standard_words import conditions_of, granted_parts
from portal.core.access import PUBLIC, allow
from portal.core.errors import Conflict, Invalid, NotFound, SignInNeeded
from portal.core.events import Event, event_kinds
from portal.core.tenancy import current_city
from portal.core.text import _, current_language, date_ja, pick, yen
from portal.core.web import db
from portal.documents import documents_of_case, title_of
from portal.files.serving import attachment, thumbnail
from portal.identity import list_departments
from portal.maps import base_map_options
from portal.procedures import definition_of
from portal.residents import uploads, visitor_access
from portal.residents.answers import Row, Section, computed_rows, sections
from portal.residents.appointment import changeable
from portal.residents.blueprint import bp
from portal.residents.definition_texts import words
from portal.residents.forms import ConsentAddressForm, LotteryOfferForm, MapObjectionForm, MessageForm, WithdrawForm
from portal.residents.handover import city_ahead
from portal.residents.issued_documents import issued_of
from portal.residents.map_statements import map_said
from portal.residents.money_lines import money_lines
from portal.residents.my_page import cards
from portal.residents.office_change import office_change
from portal.residents.progress import timeline
from portal.residents.proposal_cards import ProposalCard, proposal_card
from portal.residents.stage_form import reports
from portal.residents.status import status_instead
from portal.residents.warnings_kept import warnings_ahead
from portal.residents.withdrawal_money import money_after_end, money_after_withdrawal

Answer = str | Response | tuple[str, int]


@bp.get("/me/cases/<public_id>")
@allow(PUBLIC)
def case(public_id: str) -> str | Response:
    """Everything about it; for who follows the application without signing in, where it stands."""
    try:
        mine = visitor_access.case(db(), public_id)
    except (NotFound, SignInNeeded) as missing:
        return status_instead(public_id, missing)
    messages.mark_read(db(), mine.id, sender="staff")
    return _page(mine, MessageForm(formdata=None))


@bp.post("/me/cases/<public_id>/messages")
@allow(PUBLIC)
def write(public_id: str) -> Answer:
    """A message to the office."""
    mine = visitor_access.case(db(), public_id)
    form = MessageForm()
    try:
        accepted = uploads.judged_with_message(db(), form.files)
        mine = visitor_access.case(db(), public_id, lock=True)
        messages.send_message(db(), mine, visitor_access.actor(mine), form.body.data, files=accepted)
    except Invalid as fault:
        form.show(fault)
        if not fault.fields:
            form.body.errors = [fault.message]
        return _page(mine, form), 422
    return redirect(url_for("residents.case", public_id=public_id) + "#messages", 303)


@bp.post("/me/cases/<public_id>/map")
@allow(PUBLIC)
def contest_map(public_id: str) -> Answer:
    """Say that the map is wrong about a place."""
    mine = visitor_access.case(db(), public_id, lock=True)
    form = MapObjectionForm()
    try:
        object_to_map(db(), mine, form.field.data, form.subject.data, form.words.data, visitor_access.actor(mine))
    except Invalid as fault:
        form.words.errors = [fault.fields.get("words", fault.message)]
        return _page(mine, MessageForm(formdata=None), form), 422
    return redirect(url_for("residents.case", public_id=public_id) + "#map-statements", 303)


@bp.get("/me/cases/<public_id>/withdraw")
@allow(PUBLIC)
def ask_withdraw(public_id: str) -> str:
    """Are you sure?"""
    mine = visitor_access.case(db(), public_id)
    return _withdraw_page(mine, WithdrawForm(formdata=None))


def _withdraw_page(mine: Case, form: WithdrawForm, *, outdated: bool = False) -> str:
    if not _may_withdraw(mine):
        raise Conflict(_("この手続きは、もう取り下げられません。"))
    definition = definition_of(db(), mine.version_id)
    state = state_of(mine, definition).title.for_language(current_language()) if outdated else None
    return render_template(
        "residents/withdraw.html",
        case=mine,
        definition=definition,
        seen=seen_version(db(), mine),
        form=form,
        moved_to=state,
        money=money_after_withdrawal(db(), mine, definition),
    )


@bp.post("/me/cases/<public_id>/withdraw")
@allow(PUBLIC)
def withdraw(public_id: str) -> Answer:
    """Take the application back. Whoever saw it before the office went on is shown first how it stands now."""
    mine = visitor_access.case(db(), public_id, lock=True)
    form = WithdrawForm()
    try:
        refuse_outdated(db(), mine, SeenVersion.parse(form.seen.data))
    except Outdated:
        return _withdraw_page(mine, form, outdated=True), 409
    inputs = MoveInputs(note=form.note.data)
    moves.apply_transition(db(), mine.id, "withdraw", visitor_access.actor(mine), roles=("applicant",), inputs=inputs)
    return redirect(url_for("residents.case", public_id=public_id), 303)


@bp.post("/me/cases/<public_id>/lottery-offer")
@allow(PUBLIC)
def answer_offer(public_id: str) -> Response:
    """Take what came free after a lottery, or leave it to the next."""
    mine = visitor_access.case(db(), public_id)
    form = LotteryOfferForm()
    accepted = form.answer.data == "accept"
    answer_lottery_offer(db(), mine, visitor_access.actor(mine), form.offer_id, accepted=accepted)
    return redirect(url_for("residents.case", public_id=public_id), 303)


@bp.post("/me/cases/<public_id>/forget")
@allow(PUBLIC)
def forget_case(public_id: str) -> Response:
    """Leave an application out of this browser, which others use too."""
    mine = visitor_access.case(db(), public_id)
    visitor_access.forget_case(mine)
    return redirect("/desk/intakes" if mine.taken_in else url_for("residents.home"), 303)


@bp.get("/me/cases/<public_id>/files/<file_id>")
@allow(PUBLIC)
def file(public_id: str, file_id: str) -> Response:
    """A file that was handed in with it."""
    mine = visitor_access.case(db(), public_id)
    stored = files.file_of_case(db(), mine.id, file_id)
    opened = files.open_from_office if came_from_office(db(), stored) else files.open_for_applicant
    return attachment(stored, opened(db(), stored))


@bp.get("/me/cases/<public_id>/files/<file_id>/thumbnail")
@allow(PUBLIC)
def file_thumbnail(public_id: str, file_id: str) -> Response:
    """A picture that was handed in with it, small."""
    mine = visitor_access.case(db(), public_id)
    return thumbnail(files.thumbnail_for_applicant(db(), files.file_of_case(db(), mine.id, file_id)))


def _answers(mine: Case) -> tuple[list[Section], list[Row]]:
    """What was answered, and what follows from it, as it stood on the day it was sent."""
    definition = definition_of(db(), mine.version_id)
    answers: dict[str, Any] = open_answers(current_city().key, mine.answers)
    outcome = evaluate(
        definition, answers, mine.facts, today=mine.submitted_on, language=current_language(), city=current_city()
    )
    return sections(definition, answers, mine.facts, outcome.visible), computed_rows(definition, outcome)


def _viewed(mine: Case) -> list[tuple[str, str]]:
    """When the office looked at it: the day, and the name of the department in whose name it was opened."""
    days = queries.viewing_days(db(), mine)
    titles = (
        {department.id: pick(department.title) for department in list_departments(db(), with_closed=True)}
        if days
        else {}
    )
    return [(date_ja(day), titles[department_id]) for day, department_id in days if department_id in titles]


def _proposals(mine: Case, definition: Definition, happened: Sequence[Event]) -> list[ProposalCard]:
    """What the office proposed for its places, the newest first; they are read only where the history has some."""
    if not any(event.name == "case.place_proposed" for event in happened):
        return []
    return [proposal_card(definition, row) for row in proposals_of_case(db(), mine.id) if row.sent_at is not None]


def _granted(stored: Mapping[str, Any] | None, definition: Definition) -> list[tuple[str, str, str]]:
    """The parts of a decision that granted only some: each question, what was asked for, and what is granted."""
    return [part.told(current_language()) for part in granted_parts(stored, definition)]


def _former(mine: Case, definition: Definition, happened: Sequence[Event]) -> list[tuple[str, FormerDecisionTold]]:
    """The decisions that others took the place of, each with the name of its state; they are read only where the history has some."""
    if not any("former" in event.data for event in happened):
        return []
    states = whole_workflow(mine, definition).states
    return [
        (states[told.state].title.for_language(current_language()), told)
        for told in former_decisions(db(), mine)
        if told.state in states
    ]


def _last_done(happened: Sequence[Event]) -> str:
    """What the applicant did last, confirmed until something else happens: a correction that was sent, a payment; else empty."""
    told = [event for event in happened if event_kinds()[event.name].resident]
    if told and told[-1].name == "case.correction_answered":
        return _("直した内容が届きました。市の職員が確かめて、続きを進めます。")
    amount = told[-1].data.get("amount") if told and told[-1].name == "payment.paid" else None
    return _("{amount}の支払いが終わりました。", amount=yen(amount)) if isinstance(amount, int) else ""


def _reason_of_refusal(happened: Sequence[Event], written: Sequence[messages.Message]) -> str:
    """What the office wrote with the refusal; empty for a case that was not refused."""
    told = [event.data.get("message_id") for event in happened if event.name == "case.refused"]
    return next((message.body for message in written if told and message.id == told[-1]), "")


def _may_withdraw(mine: Case) -> bool:
    options = moves.available(mine, definition_of(db(), mine.version_id), ("applicant",))
    return any(option.id == "withdraw" for option in options)


def _papers(mine: Case, definition: Definition) -> list[PossiblePaper]:
    """What can be made of the payments, each by the name of the procedure in the reader's language."""
    name = words(definition.title)
    return [replace(paper, about=paper.about.replace(mine.title, name)) for paper in possible_papers(db(), mine)]


def _page(mine: Case, form: MessageForm, objection: MapObjectionForm | None = None) -> str:
    card = cards(db(), [mine])[0]
    happened = queries.history(db(), mine.id)
    answered, computed = _answers(mine)
    stored = files.files_of_case(db(), mine.id)
    documents = documents_of_case(db(), mine.id)
    letters = messages.messages_of(db(), mine.id)
    return render_template(
        "residents/case.html",
        card=card,
        case=mine,
        definition=card.definition,
        messages=letters,
        office_change=office_change(mine, happened, letters),
        history=timeline(mine, happened, card.definition),
        last_done=_last_done(happened),
        money=money_after_end(db(), mine, card.progress.kind),
        proposals=_proposals(mine, card.definition, happened),
        viewed=_viewed(mine),
        sections=answered,
        computed=computed,
        appointments=changeable(mine),
        booked=places_of_case(db(), mine, card.definition),
        days=card.days,
        teaching=teaching_of(mine, card.definition, current_city()),
        refusal_reason=_reason_of_refusal(happened, letters),
        may_ask_again=card.progress.kind == "refused" and drafts.offer_to_ask_again(db(), mine) is not None,
        conditions=conditions_of(mine),
        granted=_granted(mine.granted, card.definition),
        former=_former(mine, card.definition, happened),
        files=[file for file in stored if not is_of_message(file)],
        message_files=files_by_message(stored),
        base=base_map_options(current_city(), zoom=17),
        may_withdraw=_may_withdraw(mine),
        documents=documents,
        issued=issued_of(db(), [mine]),
        void=void_slips(db(), documents),
        warnings=warnings_ahead(mine, card.definition),
        papers=_papers(mine, card.definition),
        title_of=title_of,
        lines=money_lines(db(), [mine], card.payments),
        payouts=payouts_of_case(db(), mine, card.definition),
        consents=consents_of_case(db(), mine, card.definition),
        waiting=waiting_words(db(), mine, card.definition),
        address_form=ConsentAddressForm(formdata=None),
        ahead=city_ahead(mine),
        reports=reports(mine, card.definition),
        chain=chain_of(db(), mine),
        follow_ups=follow_ups(db(), mine),
        known_until=visitor_access.known_until(mine),
        lottery_offer=lottery_offer(db(), mine, card.definition),
        map_said=map_said(db(), mine, card.definition),
        objection=objection or MapObjectionForm(formdata=None),
        blank_objection=MapObjectionForm(formdata=None),
        form=form,
    )
