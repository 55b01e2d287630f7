"""Everything that is kept sealed, in one list, so that older values are sealed and keys can be renewed."""
