"""Applications for five procedures at once, filled in to the end: one of them costs a fee now, another has a polygon and a file."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.bench.ground import CITY
from tests.bench.visitors import CSRF, Drafts, add_visits, attach_files, example_answers

FEE, POLYGON = "dog-registration", "road-occupancy"
PROCEDURES = (FEE, POLYGON, "low-birth-weight", "newborn-visit", "school-supplies")
NOT_ASKED = ("vaccinated_on", "certificate")
"""What the dog's example answers besides, with a photo: this dog was not vaccinated yet."""


@dataclass(frozen=True)
class Bundles:
    """Bundles that are alike but for their ids: number n has the id `first + n` and belongs to the visit `token(n)`."""

    name: str
    first: int
    count: int
    keys: tuple[str, ...]

    def public_id(self, n: int) -> str:
        """The values in addresses."""
        return f"{self.name}-{n}"

    def token(self, n: int) -> str:
        """The cookie of the visit that the bundle belongs to."""
        return f"{self.name}-{n}"

    @property
    def members(self) -> list[Drafts]:
        """The drafts of each procedure, in their order in the bundle."""
        return [
            Drafts(f"{self.name}-{key}", self.first + 10_000 * position, self.count)
            for position, key in enumerate(self.keys, start=1)
        ]


def bundles(name: str, count: int, first: int) -> Bundles:
    """Make the first one as the portal does, by a signed-in resident, the others from its rows."""
    from portal.cases import drafts
    from portal.cases.bundles import members_of, start_bundle
    from portal.core.database import city_session
    from portal.identity.resident_accounts import sign_in_account
    from portal.procedures.queries import offer
    from portal.residents.compositions import composition_of

    with city_session(CITY) as session:
        account = sign_in_account(session, "resident@example.jp", "ja")
        model = start_bundle(session, [offer(session, key) for key in PROCEDURES], account_id=account, language="ja")
        members = members_of(session, model)
        form = composition_of([member.definition for member in members])
        answers = form.split(form.join({made.key: _answers(session, made.key, made.definition) for made in members}))
        for member in members:
            drafts.save_answers(session, member.draft, member.definition, answers[member.key])
            member.draft.done_steps = [step.id for step in form.steps]
        session.flush()
        made = Bundles(name, first, count, tuple(member.key for member in members))
        _copy(session, made, model.id)
        for member, copies in zip(members, made.members, strict=True):
            if member.key == POLYGON:
                attach_files(session, copies, member.definition, answers[member.key], "plans")
        add_visits(
            session,
            name,
            count,
            {"csrf_token": CSRF, "drafts": ["DRAFT"], "account_id": account},
            account_id=account,
        )
    return made


def _answers(session: Session, key: str, definition: Any) -> dict[str, Any]:
    answers = example_answers(session, definition, attached="plans" if key == POLYGON else None)
    if key == FEE:
        answers = {name: answer for name, answer in answers.items() if name not in NOT_ASKED} | {"vaccinated": False}
    return answers


def _copy(session: Session, made: Bundles, model_id: int) -> None:
    session.execute(
        text("""
            INSERT INTO bundle (id, public_id, language, created_at)
            SELECT :first + n, :name || '-' || n, language, created_at
            FROM bundle, generate_series(0, :count - 1) AS n WHERE id = :model
        """),
        {"first": made.first, "name": made.name, "count": made.count, "model": model_id},
    )
    for position, copies in enumerate(made.members):
        session.execute(
            text("""
                INSERT INTO draft (id, public_id, procedure_key, version_id, account_id, answers, facts, done_steps,
                    bundle_id, bundle_position, language, created_at, saved_at, expires_at)
                SELECT :first + n, :name || '-' || n, procedure_key, version_id, account_id, answers, facts, done_steps,
                    :bundle + n, bundle_position, language, created_at, saved_at, expires_at
                FROM draft, generate_series(0, :count - 1) AS n WHERE bundle_id = :model AND bundle_position = :position
            """),
            {
                "first": copies.first,
                "name": copies.name,
                "count": copies.count,
                "bundle": made.first,
                "model": model_id,
                "position": position,
            },
        )
