"""One spelling for each e-mail address, so that a person is found again whichever way it was typed."""

import unicodedata

from email_validator import EmailNotValidError, validate_email

from portal.core.errors import Invalid

WRONG = "メールアドレスは、name@example.jp のような形で入力してください。"


def normal_email(text: str) -> str:
    """The address in lower case and half width, as it is stored. Raises Invalid.

    Only its form is judged (RFC 5321); that somebody reads it is proved by a code sent there.
    """
    typed = unicodedata.normalize("NFKC", text).strip()
    try:
        return validate_email(typed, check_deliverability=False, allow_smtputf8=False).normalized.lower()
    except EmailNotValidError as error:
        raise Invalid(WRONG, {"email": WRONG}) from error
