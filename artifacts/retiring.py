"""How a release that people put together goes, or goes out of use."""

from django.db import transaction
from django.utils import timezone

from artifacts.completeness import is_complete
from artifacts.models import Release
from artifacts.modules import drop_unused
from artifacts.operations import delete_release
from artifacts.reach import require_for
from artifacts.releases import hide, is_in_use, lock_release, subject, touch
from artifacts.signals import Cancelation, release_invalidated
from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record
from fleet.errors import Invalid


@transaction.atomic
def delete_set(*, actor: Actor, release: Release) -> None:
    """Delete the release; one that devices have been given is hidden, and what runs goes on.

    One that has Mender's artifacts goes as `delete_release` does it, and raises what that raises.
    """
    require_for(actor, "artifacts.delete_release", release.pk)
    current = lock_release(release.pk)
    if current.artifacts.exists():
        delete_release(actor=actor, release=current)
    elif is_in_use(current):
        hide(actor=actor, release=current)
    else:
        record(actor, Action.DELETE, subject(current))
        modules = list(current.modules.values_list("pk", flat=True))
        current.delete()
        drop_unused(modules)


@transaction.atomic
def invalidate(
    *, actor: Actor, release: Release, cancelation: Cancelation, cancels_rollouts: bool
) -> None:
    """Have it deployed to nobody any more, and cancel what is assigned of it as `cancelation` says.

    What assigns it by itself stops. It may be asked for again, to cancel more. Raises
    Invalid("release_incomplete").
    """
    require_for(actor, "artifacts.change_release", release.pk)
    current = lock_release(release.pk)
    if not is_complete(current):
        message = f"The release {current.name} lacks modules that its type asks for."
        raise Invalid("release_incomplete", message)
    current.invalidated_at = current.invalidated_at or timezone.now()
    touch(current, actor)
    current.save(update_fields=["invalidated_at", "modified_at", "modified_by"])
    release_invalidated.send(
        sender=Release,
        release=current,
        actor=actor,
        cancelation=cancelation,
        cancels_rollouts=cancels_rollouts,
    )
    change = {"invalidated": {"cancelation": cancelation, "cancels_rollouts": cancels_rollouts}}
    record(actor, Action.UPDATE, subject(current), change)
