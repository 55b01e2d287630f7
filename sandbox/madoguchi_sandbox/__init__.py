"""Stand-ins for services of others: Stripe's API with its hosted Checkout page, and a mailbox for outgoing mail.

It is a process of its own on the loopback interface, and speaks the real wire formats, so the portal has no branch for it:
only the API base, the keys and the SMTP port differ. Tests start a `SandboxServer`; `create_sandbox` is the WSGI application, `serve` the program.
"""

from madoguchi_sandbox.app import create_sandbox
from madoguchi_sandbox.server import SandboxServer, serve

__all__ = ["SandboxServer", "create_sandbox", "serve"]
