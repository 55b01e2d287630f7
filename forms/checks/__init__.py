"""Checks of a definition before it is published: structure, advice, examples."""
