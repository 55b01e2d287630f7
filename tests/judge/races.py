"""Races: every button that decides, pressed several times at the same moment; one press counts, the others learn so."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from tests.judge.report import Report
from tests.judge.scenes import CITY, Press, Scene, events_of, seen_on, together
from tests.kit.browser import agreement

if TYPE_CHECKING:
    from tests.judge.ground import Ground

READY = (("accept", {}), ("skip_site_check", {"internal_note": "写真で見ました。"}))


class Races:
    """Runs one race after the other and judges each."""

    def __init__(self, scene: Scene, report: Report) -> None:
        self.scene, self.report = scene, report
        self.run = 0

    def one_wins(self, name: str, presses: Sequence[Press], *, refusals: frozenset[int] = frozenset({409})) -> None:
        """One press is carried out; the others are refused with one of the statuses `refusals`."""
        statuses = sorted(answer.status_code for answer in together(presses))
        self.count(presses)
        won = [status for status in statuses if status in {200, 303}]
        other_statuses = [status for status in statuses if status not in {200, 303}]
        self.report.expect(len(won) == 1 and set(other_statuses) <= refusals, f"{name}: answers {statuses}")

    def count(self, presses: Sequence[Press]) -> None:
        """Note that presses were made."""
        self.run += 1
        self.report.requests += len(presses)

    def happened(self, name: str, case_id: int, *events: str, times: int = 1) -> None:
        """The history of a case holds these events so often, together."""
        history = events_of(case_id)
        there = sum(history.count(event) for event in events)
        self.report.expect(there == times, f"{name}: {there} of {'/'.join(events)} in the history of case {case_id}")

    # -- the desk --------------------------------------------------------------------------------------------------

    def decisions(self) -> None:
        """Two colleagues permit and refuse; the decision that waits is carried out at once, twice by each."""
        scene = self.scene
        case_id, _ = scene.permit(*READY)
        forms = [{"move": "approve"}, {"move": "refuse", "note": "認められません。"}]
        at, version = f"/desk/cases/{case_id}", scene.version_shown(case_id)
        both = (scene.first, scene.second)
        self.one_wins("decide", [Press(who, f"{at}/moves", form | {"seen": version}) for who in both for form in forms])
        form = {"decision": scene.waiting_decision(case_id)}
        self.one_wins("carry out now", [Press(who, f"{at}/decision/now", form) for who in both * 2])
        self.happened("decide", case_id, "case.approved", "case.refused")

    def take_backs(self) -> None:
        """A decision that waits is taken back and carried out."""
        scene = self.scene
        case_id, _ = scene.permit(*READY)
        at = f"/desk/cases/{case_id}"
        scene.first.post(f"{at}/moves", {"move": "approve", "seen": scene.version_shown(case_id)})
        form = {"decision": scene.waiting_decision(case_id)}
        both = (scene.first, scene.second)
        self.one_wins(
            "take back", [Press(who, f"{at}/decision/{press}", form) for who in both for press in ("take-back", "now")]
        )
        self.happened("take back", case_id, "case.approved", "case.decision_taken_back")

    def assignees(self) -> None:
        """Two colleagues take the same case."""
        scene = self.scene
        case_id, _ = scene.permit()
        forms = [{"staff_id": str(staff_id), "seen_assignee": ""} for staff_id in scene.ids]
        scene.version_shown(case_id)
        pairs = list(zip((scene.first, scene.second), forms, strict=True)) * 2
        self.one_wins("take a case", [Press(who, f"/desk/cases/{case_id}/assignee", form) for who, form in pairs])
        self.happened("take a case", case_id, "case.assigned")

    def holds(self) -> None:
        """Two colleagues keep the same case longer."""
        scene = self.scene
        case_id, _ = scene.permit()
        scene.version_shown(case_id)
        form = {"act": "place", "reason": "審査請求のため"}
        presses = [Press(who, f"/desk/cases/{case_id}/hold", form) for who in (scene.first, scene.second) * 2]
        self.one_wins("keep longer", presses)
        self.happened("keep longer", case_id, "case.hold_placed")

    # -- residents -------------------------------------------------------------------------------------------------

    def withdrawals(self) -> None:
        """A resident withdraws in several windows while the office takes the case in."""
        scene = self.scene
        case_id, public_id = scene.permit()
        at = f"/me/cases/{public_id}/withdraw"
        form = {"seen": seen_on(scene.resident.get(at).text)}
        accept = Press(
            scene.first, f"/desk/cases/{case_id}/moves", {"move": "accept", "seen": scene.version_shown(case_id)}
        )
        self.one_wins("withdraw", [*[Press(scene.resident, at, form)] * 3, accept])
        self.happened("withdraw", case_id, "case.withdrawn", "case.accepted")

    def corrections(self) -> None:
        """A correction is sent in several windows."""
        scene = self.scene
        request = {"note": "目的を書いてください。", "fields": ("purpose",)}
        case_id, public_id = scene.permit(("accept", {}), ("request_correction", request))
        at = f"/me/cases/{public_id}/correction"
        form = {"purpose": "足場の設置", "case-seen": seen_on(scene.resident.get(at).text)}
        self.one_wins("correct", [Press(scene.resident, at, form)] * 4)
        self.happened("correct", case_id, "case.correction_answered")

    def sendings(self) -> None:
        """An application is sent in several windows: each is led to the same case."""
        from sqlalchemy import func, select

        from portal.cases.models import Case
        from portal.core.database import city_session
        from tests.kit.answers import damage
        from tests.kit.city import begin

        with city_session(CITY) as session:
            draft = begin(session, "road-damage", damage(CITY, "穴"), self.scene.account)
            draft_id, at = draft.id, f"/apply/d/{draft.public_id}/review"
        agreed = agreement(self.scene.resident.get(at).text)
        presses = [Press(self.scene.resident, at, agreed)] * 4
        answers = together(presses)
        self.count(presses)
        with city_session(CITY) as session:
            made = session.scalar(select(func.count()).where(Case.draft_id == draft_id))
        led = {(answer.status_code, answer.location) for answer in answers}
        self.report.expect(made == 1, f"send: {made} cases of one draft")
        self.report.expect(len(led) == 1 and next(iter(led))[0] == 303, f"send: led to {sorted(led)}")

    # -- money -----------------------------------------------------------------------------------------------------

    def refunds(self) -> None:
        """The way to pay is pressed many times, then a refund, then the second person's word on it."""
        scene = self.scene
        case_id, payment = scene.owed()
        scene.pay(payment, self._start(payment))
        scene.move(case_id, ("accept", {}), ("complete", {}))
        at = f"/desk/cases/{case_id}"
        seen = seen_on(scene.first.get(f"{at}/refund").text)
        form = {f"amount-{payment.charges[0].id}": "1000", "note": "減額のため", "seen": seen}
        self.one_wins("refund", [Press(scene.first, f"{at}/refund", form)] * 4)
        if decision := scene.waiting_decision(case_id):
            scene.first.post(f"{at}/decision/now", {"decision": decision})
        self.happened("refund", case_id, "refund.requested")
        refund_id = self._newest_refund(payment.id)
        forms: list[dict[str, Any]] = [{"decision": "approve"}, {"decision": "reject", "note": "理由なし"}]
        scene.second.get(at)
        self.one_wins("agree", [Press(scene.second, f"/desk/refunds/{refund_id}", form) for form in forms * 2])
        self.happened("agree", case_id, "refund.approved", "refund.rejected")

    def reviews(self) -> None:
        """Two cashiers decide about money that does not fit."""
        scene = self.scene
        case_id, payment = scene.owed()
        scene.pay(payment, self._start(payment), amount=2500)
        at = f"/desk/payments/{payment.id}"
        page = scene.first.get(at).text
        scene.second.get(at)
        version = page.partition('name="version" value="')[2].partition('"')[0]
        forms = [{"decision": name, "version": version, "note": "確認済み"} for name in ("accepted", "difference")]
        self.one_wins("review", [Press(w, f"{at}/review", f) for w in (scene.first, scene.second) for f in forms])
        self.happened("review", case_id, "payment.reviewed")

    def _start(self, payment: Any) -> str:
        """Pressed four times, the button opens one page at the provider."""
        self.scene.resident.get(f"/pay/{payment.public_id}")
        presses = [Press(self.scene.resident, f"/pay/{payment.public_id}/start", {"method": "card"})] * 4
        pages = {answer.location for answer in together(presses)}
        self.count(presses)
        self.report.expect(len(pages) == 1, f"pay: led to {len(pages)} pages")
        return max(pages)

    def _newest_refund(self, payment_id: int) -> int:
        from portal.core.database import city_session
        from portal.payments import refunds_of_order

        with city_session(CITY) as session:
            return max((refund.id for refund in refunds_of_order(session, payment_id)), default=0)

    # -- procedures and staff --------------------------------------------------------------------------------------

    def publications(self) -> None:
        """Two colleagues publish the same draft."""
        import re

        from portal.core.database import city_session
        from portal.procedures import actions, queries
        from tests.kit.catalogue import catalogue

        at = "/desk/procedures/dog-registration"
        with city_session(CITY) as session:
            source = f"{catalogue()['dog-registration']}# {self.run}\n"
            actions.save_draft(session, queries.procedure(session, "dog-registration"), source, self.scene.ids[0])
        self.scene.first.get(at)
        digest = re.findall(r'name="digest" value="([0-9a-f]+)"', self.scene.second.get(at).text)[-1]
        both = (self.scene.first, self.scene.second)
        self.one_wins(
            "publish", [Press(who, f"{at}/publish", {"digest": digest, "note": "文の見直し"}) for who in both * 2]
        )

    def administration(self) -> None:
        """Two administrators change the same roles, and replace the same lost authenticator."""
        from portal.cases.staff_leaving import cases_token
        from tests.kit.city import hire

        scene = self.scene
        person = hire(CITY, f"raced{self.run}@example.jp", {"environment": {"clerk"}})
        at, both = f"/desk/staff/{person}", (scene.first, scene.second)
        scene.second.get(f"{at}/roles")
        page = scene.first.get(f"{at}/roles").text
        token = page.partition('name="shown" value="')[2].partition('"')[0]
        office = page.partition('name="role" value="')[2]
        numbers = [
            part.partition(":")[0] for part in office.split('value="') if part[:1].isdigit() and ":clerk" in part[:12]
        ]
        shown = {"shown": token, "shown_cases": cases_token([]), "step": "change"}
        forms = [{**shown, "role": f"{numbers[0]}:{role}"} for role in ("decider", "cashier")] if numbers else []
        self.report.expect(bool(forms), "no office stands on the page of a colleague")
        if forms:
            self.one_wins("roles", [Press(who, f"{at}/roles", form) for who in both for form in forms])
        refusals = frozenset({403, 409})
        self.one_wins(
            "lost authenticator", [Press(w, f"{at}/reset", {"step": "request"}) for w in both * 2], refusals=refusals
        )
        self.one_wins(
            "new authenticator", [Press(w, f"{at}/reset", {"step": "confirm"}) for w in both * 2], refusals=refusals
        )


def judge_races(ground: "Ground", rounds: int) -> Report:
    """Every race, so many times."""
    from portal.core.database import city_session
    from portal.core.events import SYSTEM
    from portal.payments import set_second_person_above

    with city_session(CITY) as session:
        set_second_person_above(session, 0, SYSTEM)
    report = Report("races")
    scene = Scene(ground)
    races = Races(scene, report)
    every: tuple[Callable[[], None], ...] = (
        races.decisions,
        races.take_backs,
        races.assignees,
        races.holds,
        races.withdrawals,
        races.corrections,
        races.sendings,
        races.refunds,
        races.reviews,
        races.publications,
        races.administration,
    )
    for _round in range(rounds):
        for race in every:
            try:
                race()
            except Exception as error:  # one race that cannot be run must not hide the others
                report.faults.append(f"{race.__name__} could not be run: {error!r}")
    report.requests += scene.requests
    report.figures = {"races": races.run, "rounds": rounds}
    return report
