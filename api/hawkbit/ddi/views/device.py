"""What the device says of itself: its attributes, and whether it confirms by itself."""

from typing import Any

from api.hawkbit.ddi import shapes
from api.hawkbit.ddi.content import read_object
from api.hawkbit.ddi.resources import DONE, DeviceCall, DeviceResource, actor_of
from api.hawkbit.errors import not_readable
from api.hawkbit.members import object_of, text_of
from api.hawkbit.resources import Answer
from deployments.models import DeviceDeployment
from deployments.standing import is_active, waits_for_confirmation
from fleet.models import AutoConfirmation, Device
from fleet.targets import Mode, report_attributes
from fleet.targets.auto_confirming import activate, deactivate


class ConfigData(DeviceResource):
    methods = frozenset({"PUT"})

    def put(self, call: DeviceCall) -> Answer:
        body = read_object(call)
        data = object_of(body, "data")
        mode = (text_of(body, "mode") or Mode.MERGE).lower()
        if data is None or mode not in set(Mode):
            raise not_readable()
        texts = {key: text_of(data, key) for key in data}
        report_attributes(device=call.device, data=texts, mode=Mode(mode))
        return DONE


class ConfirmationBase(DeviceResource):
    methods = frozenset({"GET"})

    def get(self, call: DeviceCall) -> dict[str, Any]:
        itself = AutoConfirmation.objects.filter(device=call.device).first()
        return shapes.confirmation(itself, call.root, _waiting(call.device))


class ActivateAutoConfirm(DeviceResource):
    methods = frozenset({"POST"})

    def post(self, call: DeviceCall) -> Answer:
        body = read_object(call) if call.body else {}
        activate(
            actor=actor_of(call),
            device=call.device,
            initiator=text_of(body, "initiator") or "",
            remark=text_of(body, "remark") or "",
        )
        return DONE


class DeactivateAutoConfirm(DeviceResource):
    methods = frozenset({"POST"})

    def post(self, call: DeviceCall) -> Answer:
        deactivate(actor=actor_of(call), device=call.device)
        return DONE


def _waiting(device: Device) -> int | None:
    """The number of the oldest action that waits to be confirmed."""
    rows = DeviceDeployment.objects.filter(
        is_active(), waits_for_confirmation(), device=device, cancel_requested_at__isnull=True
    )
    return rows.order_by("deployment_id").values_list("number", flat=True).first()
