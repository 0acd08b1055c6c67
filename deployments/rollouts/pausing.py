"""Pause and resume what is shown as a rollout, in the states in which hawkBit allows it."""

from auditlog.actor import Actor
from deployments import pausing
from deployments.models import Deployment
from deployments.rollouts.states import RolloutState, illegal, state_of


def pause(*, actor: Actor, deployment: Deployment) -> None:
    """As `deployments.pausing.pause`; Conflict "rollout_illegal_state" unless it is running."""
    if state_of(deployment) is not RolloutState.RUNNING:
        raise illegal("Only a running rollout can be paused")
    pausing.pause(actor=actor, deployment=deployment)


def resume(*, actor: Actor, deployment: Deployment) -> None:
    """As `deployments.pausing.resume`; Conflict "rollout_illegal_state" unless it is paused."""
    if state_of(deployment) is not RolloutState.PAUSED:
        raise illegal("Only a paused rollout can be resumed")
    pausing.resume(actor=actor, deployment=deployment)
