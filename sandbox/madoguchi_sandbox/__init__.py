"""Stand-ins for services of others: Stripe's API with its hosted Checkout page, and a mailbox for outgoing mail.

It is a process of its own on the loopback interface, and speaks the real wire formats, so the portal has no branch for it:
only the API base, the keys and the SMTP port differ. Others use `create_sandbox` (a WSGI application) and `serve`.
"""

from madoguchi_sandbox.app import create_sandbox
from madoguchi_sandbox.server import serve

__all__ = ["create_sandbox", "serve"]
