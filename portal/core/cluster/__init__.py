"""The private PostGIS cluster: made, started and mended by the portal itself, reached over a Unix socket.

Others may use `Cluster` and `ClusterError`. Needs nothing but the standard library and Debian's PostgreSQL.
"""

from portal.core.cluster.cluster import Cluster, Status, Urls
from portal.core.cluster.errors import ClusterError

__all__ = ["Cluster", "ClusterError", "Status", "Urls"]
