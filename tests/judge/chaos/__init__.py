"""Chaos: people pay in two cities while processes are killed and the provider has troubles; afterwards every yen is where it belongs, once.

Everything but `__main__` is read once the ground stands: the portal reads its settings from there.
"""
