"""What the device is to install, to leave or to confirm, and what it says of that."""

from typing import Any

from api.hawkbit.ddi import shapes
from api.hawkbit.ddi.content import read_object
from api.hawkbit.ddi.feedback import CLOSED, read_confirmation, read_feedback
from api.hawkbit.ddi.resources import DONE, DeviceCall, DeviceResource, actor_of
from api.hawkbit.errors import not_found, not_readable
from api.hawkbit.members import text_of
from api.hawkbit.path_numbers import NUMBER
from api.hawkbit.resources import Answer
from artifacts.models import Release
from deployments.assigning import report_installed
from deployments.cancelling import confirm_cancel, reject_cancel
from deployments.confirming import confirm, deny
from deployments.feedback import checked, hear, hear_about_leaving
from deployments.retrieving import Told, action_of, installed, messages_of, retrieve, waiting
from deployments.retrieving import not_found as no_such_action
from deployments.states import State


class Deployment(DeviceResource):
    methods = frozenset({"GET"})

    def get(self, call: DeviceCall, action: int) -> dict[str, Any]:
        return _shown(call, retrieve(device=call.device, action=action), "deployment")


class DeploymentFeedback(DeviceResource):
    methods = frozenset({"POST"})

    def post(self, call: DeviceCall, action: int) -> Answer:
        feedback = read_feedback(read_object(call))
        hear(device=call.device, action=action, word=feedback.word, said=feedback.said)
        return DONE


class Cancel(DeviceResource):
    methods = frozenset({"GET"})

    def get(self, call: DeviceCall, action: int) -> dict[str, Any]:
        row = action_of(call.device, action)
        if not row.is_canceling and row.state != State.ABORTED:
            raise no_such_action(action)
        return shapes.cancelled(action)


class CancelFeedback(DeviceResource):
    methods = frozenset({"POST"})

    def post(self, call: DeviceCall, action: int) -> Answer:
        """Of what is cancelled already nothing more is to be said: it is only heard."""
        feedback = read_feedback(read_object(call))
        row = action_of(call.device, action)
        is_decided = feedback.execution in {CLOSED, "rejected"}
        if row.state == State.ABORTED or not is_decided:
            hear_about_leaving(
                device=call.device, action=action, said=feedback.said, word=feedback.word
            )
        elif feedback.execution == CLOSED and not feedback.has_failed:
            confirm_cancel(row=row, said=checked(feedback.said))
        else:
            is_closed = feedback.execution == CLOSED
            reject_cancel(row=row, said=checked(feedback.said), failed=is_closed)
        return DONE


class Installed(DeviceResource):
    methods = frozenset({"GET"})

    def get(self, call: DeviceCall, action: int) -> dict[str, Any]:
        return _shown(call, installed(device=call.device, action=action), "deployment")


class InstalledBase(DeviceResource):
    methods = frozenset({"PUT"})

    def put(self, call: DeviceCall) -> Answer:
        """The device has got a release by other means."""
        body = read_object(call)
        title, version = text_of(body, "name"), text_of(body, "version")
        if not title or not version:
            raise not_readable()
        releases = Release.objects.of(call.organization)
        release = releases.filter(title=title, version=version).first()
        if release is None:
            raise not_found("DistributionSet", f"{title}:{version}")
        is_new = report_installed(actor=actor_of(call), device=call.device, release=release)
        return Answer(201 if is_new else 200)


class Confirmation(DeviceResource):
    methods = frozenset({"GET"})

    def get(self, call: DeviceCall, action: int) -> dict[str, Any]:
        return _shown(call, waiting(device=call.device, action=action), "confirmation")


class ConfirmationFeedback(DeviceResource):
    methods = frozenset({"POST"})

    def post(self, call: DeviceCall, action: int) -> Answer:
        is_confirmed, said = read_confirmation(read_object(call))
        row = action_of(call.device, action)
        (confirm if is_confirmed else deny)(row=row, said=checked(said))
        return DONE


def _shown(call: DeviceCall, told: Told, name: str) -> dict[str, Any]:
    return shapes.action(told, name, call.root, _messages(call, told))


def _messages(call: DeviceCall, told: Told) -> list[str] | None:
    """The newest messages, as many as are asked for; None where none are."""
    text = call.GET.get("actionHistory", "") or "0"
    if not NUMBER.fullmatch(text):
        raise not_readable()
    return messages_of(told.row, int(text)) if int(text) else None
