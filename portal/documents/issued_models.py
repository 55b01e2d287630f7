"""Documents that decisions issued, as anybody may check them, and the certificates that they are signed with."""

from datetime import date, datetime

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Identity, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.clock import today
from portal.core.models import CityBase
from portal.core.sealed import SealedText


class IssuedDocument(CityBase):
    """Whether a document that a decision issued still holds. Nothing here but `end_reason` says anything of a person."""

    __tablename__ = "issued_document"
    __table_args__ = (
        CheckConstraint("status IN ('valid', 'superseded', 'revoked')", name="status"),
        CheckConstraint("(status = 'valid') = (ended_at IS NULL)", name="ended"),
        CheckConstraint("(status = 'superseded') = (superseded_by IS NOT NULL)", name="superseded"),
    )

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True, autoincrement=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    rule: Mapped[str] = mapped_column(doc="the id of the rule of the definition that issued it")
    title: Mapped[str]
    number: Mapped[str] = mapped_column(unique=True)
    check_code: Mapped[str] = mapped_column(doc="printed on it; who knows it and the number may ask whether it holds")
    issued_on: Mapped[date]
    valid_until: Mapped[date | None]
    signed: Mapped[bool]
    status: Mapped[str] = mapped_column(server_default="valid")
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(
        SealedText("issued_document.end_reason"),
        doc="why it was revoked without a new decision; gone once its case is erased",
    )
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("document.id"))

    @property
    def standing(self) -> str:
        """Whether it holds today: `valid`, `superseded`, `revoked`, or `expired` once its last day is past."""
        if self.status == "valid" and self.valid_until is not None and self.valid_until < today():
            return "expired"
        return self.status


class SigningCertificate(CityBase):
    """A certificate with which documents of the city were signed. `sealed_key` is that of one which the installation made itself."""

    __tablename__ = "signing_certificate"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    certificate: Mapped[bytes] = mapped_column(unique=True, doc="DER (X.509)")
    issuers: Mapped[list[str]] = mapped_column(ARRAY(Text), doc="the certificates above it, PEM")
    sealed_key: Mapped[bytes | None] = mapped_column(doc="None where the key is the city's own file")
    expires_at: Mapped[datetime]
    made_at: Mapped[datetime]
