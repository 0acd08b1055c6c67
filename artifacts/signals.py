"""What is about to happen, or has happened, to artifacts and releases.

All are sent inside the transaction, the release locked. To what is about to happen others may
object: a receiver that raises Conflict prevents it.
"""

from enum import StrEnum

from django.dispatch import Signal

# sender=Artifact, artifact=Artifact
artifact_about_to_be_deleted = Signal()
artifact_about_to_be_described = Signal()

# sender=Release, release=Release: with whatever it consists of
release_about_to_be_deleted = Signal()

# sender=Release, release=Release: a receiver answers whether it has ever been given to devices
release_use_asked = Signal()

# sender=Release, release=Release, actor=Actor: people no longer see it; what runs goes on
release_hidden = Signal()

# sender=Release, release=Release, actor=Actor, cancelation=Cancelation,
# cancels_rollouts=bool: it can no longer be deployed
release_invalidated = Signal()


class Cancelation(StrEnum):
    """What becomes of what is assigned of a release that is invalidated."""

    NONE = "none"
    SOFT = "soft"
    FORCE = "force"
