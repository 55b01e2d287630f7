"""What can go wrong in the domain, in sentences for people; carries no HTTP. `core.web` maps each kind to a status in one table."""

from collections.abc import Mapping

from portal.core.text import _


class DomainError(Exception):
    """A refusal with a message a resident or a clerk can act on."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(DomainError):
    """No such thing, or not for this person: the two get the same answer on purpose."""

    def __init__(self, message: str = "お探しのページは見つかりません。") -> None:
        super().__init__(message)


class UnknownVisitor(NotFound):
    """No such thing for somebody who is not known here (any more); `where` is the side on which to sign in to whom it may belong."""

    def __init__(self, message: str, where: str = "resident") -> None:
        super().__init__(message)
        self.where = where


class Forbidden(DomainError):
    """Signed in, but without the right."""

    def __init__(self, message: str = "この操作をする権限がありません。") -> None:
        super().__init__(message)


class KeyRefused(DomainError):
    """A program's key that opens nothing: unknown, revoked or past its last day."""

    def __init__(self) -> None:
        super().__init__(
            "この鍵では読めません。取り消されたか、使える日が過ぎています。鍵をつくった部署に確かめてください。"
        )


class SignInNeeded(DomainError):
    """Nobody is signed in; `where` is the side to sign in on: resident or staff."""

    def __init__(self, where: str) -> None:
        super().__init__("続けるには、サインインしてください。")
        self.where = where


class StepUpNeeded(DomainError):
    """Signed in, but one more proof is required; `page` is the path where it is given."""

    def __init__(self, page: str) -> None:
        super().__init__("続けるには、もう1つ確かめるものがあります。")
        self.page = page


class Conflict(DomainError):
    """Somebody else, or an earlier click, was first."""


class Invalid(DomainError):
    """Input that must be corrected; `fields` gives the message for each field's name."""

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = dict(fields or {})


class TooMany(DomainError):
    """A rate limit; `retry_after` in seconds."""

    def __init__(self, retry_after: int) -> None:
        minutes = max(1, -(-retry_after // 60))
        super().__init__(_("回数が多すぎます。{minutes}分ほど待ってから、もう一度お試しください。", minutes=minutes))
        self.retry_after = retry_after


class Unavailable(DomainError):
    """An outside service does not answer; what was entered is kept. `retry_after` in seconds, 0 where nobody knows."""

    retry_after = 0
