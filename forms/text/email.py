"""E-mail addresses: one spelling for each, for questions and for signing in; and how one goes onto an envelope."""

import re

from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from writing.folding import ADDRESS_LINE

#: Carriers that once let people choose dots side by side or before the @; RFC 5321 has such a name only in quotation marks.
_LOOSE_DOTS = frozenset({"docomo.ne.jp", "ezweb.ne.jp"})
_LOOSE = re.compile(r"[a-z0-9_/?+-][a-z0-9_/?+.-]{0,63}@(?P<domain>[a-z.]+)")


class UnreadableEmail(ValueError):
    """A text that is no address. `code` names the message that says how to fix it: `email`, `email_letters`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def normal_email(text: str) -> str:
    """The address in lower case and half width, without spaces and marks nobody sees; a Japanese domain in Japanese.

    `mailto:` and angle brackets around it are left out. Only its form is judged (RFC 5321): that somebody reads it is
    proved by a code sent there. Raises UnreadableEmail: `email_letters` where letters before the @ are not ASCII, since
    few mail servers take such an address, `email` for any other fault.
    """
    typed = ADDRESS_LINE(text[:1000]).lower().removeprefix("mailto:")
    typed = typed[1:-1] if typed.startswith("<") and typed.endswith(">") else typed
    loose = _LOOSE.fullmatch(typed)
    if loose and loose["domain"] in _LOOSE_DOTS and len(typed.partition("@")[0]) <= 64:
        return typed
    local = typed.rpartition("@")[0]
    if local and not local.isascii():
        raise UnreadableEmail("email_letters")
    return _validated(typed).normalized.lower()


def envelope_email(address: str) -> str:
    """A `normal_email` as every mail server takes it: the domain in ASCII (xn--…), loose dots in quotation marks.

    Raises UnreadableEmail for an address that cannot be written to.
    """
    local, _at, domain = address.rpartition("@")
    if domain in _LOOSE_DOTS and (".." in local or local.endswith(".")):
        return f'"{local}"@{domain}'
    ascii_email = _validated(address).ascii_email
    if ascii_email is None:
        raise UnreadableEmail("email_letters")
    return ascii_email


def _validated(text: str) -> ValidatedEmail:
    try:
        return validate_email(text, check_deliverability=False, allow_smtputf8=True)
    except (EmailNotValidError, UnicodeError) as error:
        raise UnreadableEmail("email") from error
