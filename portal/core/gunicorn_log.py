"""Gunicorn's messages in the portal's log format: on its own it logs the address of a failed request, and addresses contain keys."""

from gunicorn.config import Config
from gunicorn.glogging import Logger

from portal.core.config import settings
from portal.core.logs import Lines


class PortalLogger(Logger):
    """Gunicorn's logger with the portal's format (`gunicorn --logger-class`)."""

    def setup(self, cfg: Config) -> None:
        """Called at start and at each reload of the configuration."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(Lines("web", reveal=settings().environment != "production"))
