"""What the application server serves. It is loaded once and then forks, so nothing here may leave a connection open or start a thread.

What was loaded lives until the end: to look for garbage in it finds none, takes a tenth of the start, and later copies the memory that
the processes share.
"""

import gc

gc.disable()

from portal.app import create_app  # noqa: E402 - after the collector was stopped
from portal.core import logs  # noqa: E402 - the same
from portal.warming import warm  # noqa: E402 - the same
from writing import words  # noqa: E402 - the same

logs.configure("web")
app = create_app()
words.load()
warm(app)

gc.freeze()
gc.enable()
