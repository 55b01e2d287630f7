"""What can go wrong with the private cluster, in words that an operator can act on."""


class ClusterError(RuntimeError):
    """The cluster cannot be made, started or stopped; the message says why and what to do."""
