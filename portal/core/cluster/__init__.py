"""The private PostGIS cluster: made, started and repaired by the portal itself, reached over a Unix socket.

Others may use what is named here. Needs nothing but the standard library and Debian's PostgreSQL, and openssl for the archive.
"""

from portal.core.cluster.archive import Base, Break, base_name
from portal.core.cluster.cluster import Cluster, Status, Urls
from portal.core.cluster.errors import ClusterError

__all__ = ["Base", "Break", "Cluster", "ClusterError", "Status", "Urls", "base_name"]
