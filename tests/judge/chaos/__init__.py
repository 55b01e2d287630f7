"""Chaos: people pay in two cities while processes are killed and the provider has troubles; afterwards every yen is where it belongs, once."""

from tests.judge.chaos.run import Chaos, Plan, judge_chaos
from tests.judge.chaos.troubles import VICTIMS

__all__ = ["VICTIMS", "Chaos", "Plan", "judge_chaos"]
