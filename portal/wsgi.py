"""What the application server serves."""

from portal.app import create_app
from portal.core import logs

logs.configure("web")
app = create_app()
