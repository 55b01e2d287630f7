"""What the application server serves. It is loaded once and then forks, so nothing here may open a connection or start a thread."""

from portal.app import create_app
from portal.core import logs

logs.configure("web")
app = create_app()
