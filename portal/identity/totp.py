"""Time-based one-time codes of authenticator apps (RFC 6238): six digits, thirty seconds, no code twice."""

from datetime import datetime

import pyotp
from pyotp.utils import strings_equal

_WINDOW = 1
"""Steps a clock may be off on either side."""


def new_secret() -> str:
    """A fresh secret for an authenticator app, 160 random bits in base 32."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, email: str, issuer: str) -> str:
    """What the QR code for an authenticator app says."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def step_of(secret: str, code: str, moment: datetime, last_step: int) -> int | None:
    """The time step a code belongs to, or None when it is wrong, too old, or not newer than the last one used."""
    totp = pyotp.TOTP(secret)
    present = totp.timecode(moment)
    for step in range(present - _WINDOW, present + _WINDOW + 1):
        if strings_equal(totp.generate_otp(step), code) and step > last_step:
            return step
    return None
