"""Normalised e-mail addresses, so that a person is found however the address was typed."""

from forms.text.email import UnreadableEmail
from forms.text.email import normal_email as normal
from portal.core.errors import Invalid

WRONG = "メールアドレスは、name@example.jp のような形で入力してください。"
LETTERS = "メールアドレスの @ の前は、半角の英数字と記号だけで入力してください。"


def normal_email(text: str) -> str:
    """Return the address as every form of the city stores it, see `forms.text.email.normal_email`. Raises Invalid.

    Only its form is judged (RFC 5321); that somebody reads it is proved by a code sent there.
    """
    try:
        return normal(text)
    except UnreadableEmail as error:
        message = LETTERS if error.code == "email_letters" else WRONG
        raise Invalid(message, {"email": message}) from error
