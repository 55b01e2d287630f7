"""A copy of everything but the keys, encrypted on its way out, and an installation made from it again."""
