"""E-mail addresses: one spelling for each, for questions and for signing in; and how one goes onto an envelope."""

import re

from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from writing.folding import ADDRESS_LINE

#: Carriers that once let people choose dots side by side or before the @; RFC 5321 has such a name only in quotation marks.
_LOOSE_DOTS = frozenset({"docomo.ne.jp", "ezweb.ne.jp"})
_LOOSE = re.compile(r"(?P<quote>\"?)(?P<local>[a-z0-9_/?+-][a-z0-9_/?+.-]{0,63})(?P=quote)@(?P<domain>[a-z.]+)")
_WITH_NAME = re.compile(r"[^<>]*<([^<>]+)>")
_HYPHENS = str.maketrans(
    "‐‑−", "---"
)  # Japanese keyboards and word processors write these; the long mark ー is a letter


class UnreadableEmail(ValueError):
    """A text that is no address. `code` names the message that says how to fix it: `email`, `email_letters`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def normal_email(text: str) -> str:
    """The address in lower case and half width, without spaces and invisible characters; a Japanese domain in Japanese.

    What comes along when an address is copied is left out: `mailto:`, a name before angle brackets, punctuation around it.
    Only its form is judged (RFC 5321): that somebody reads it is proved by a code sent there. Raises UnreadableEmail:
    `email_letters` where letters before the @ are not ASCII, since few mail servers take such an address, `email` for any
    other error.
    """
    typed = ADDRESS_LINE(text[:1000]).lower().translate(_HYPHENS).strip("「」『』()'、,;。")
    with_name = _WITH_NAME.fullmatch(typed)
    typed = (with_name[1] if with_name else typed).removeprefix("mailto:").rstrip(".")
    loose = _LOOSE.fullmatch(typed)
    if loose and loose["domain"] in _LOOSE_DOTS:
        return f"{loose['local']}@{loose['domain']}"
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
        return validate_email(text, check_deliverability=False, allow_smtputf8=True, strict=True)
    except (EmailNotValidError, UnicodeError) as error:
        raise UnreadableEmail("email") from error
