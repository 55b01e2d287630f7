"""Everything that is kept sealed, in one list, so that values of before are sealed and keys can be renewed."""
