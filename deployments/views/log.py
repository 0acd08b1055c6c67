"""The log that one device sent about one deployment."""

import re
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename
from django.views.decorators.http import require_safe

from deployments.logs import log_text
from deployments.models import DeviceDeployment
from deployments.reach import VIEW, require_for
from fleet.pages import PageRequest, page

BAD = re.compile(r"err|crit|fatal|panic|emerg|alert", re.IGNORECASE)


@require_safe
@page(VIEW, within_bounds=True)
def log(request: PageRequest, deployment_id: UUID, number: int) -> HttpResponse:
    """The whole log, its errors marked; with `?as=text` as a file."""
    rows = DeviceDeployment.objects.of(request.organization).select_related(
        "deployment", "device", "log"
    )
    row = get_object_or_404(rows, number=number, deployment__id=deployment_id, has_log=True)
    require_for(request.actor, VIEW, row.deployment)
    if request.GET.get("as") == "text":
        return _file(row)
    lines = [
        {**message, "is_bad": bool(BAD.search(message["level"]))} for message in row.log.messages
    ]
    context = {"here": "deployments", "row": row, "deployment": row.deployment, "lines": lines}
    return render(request, "deployments/log.html", context)


def _file(row: DeviceDeployment) -> HttpResponse:
    response = HttpResponse(log_text(row), content_type="text/plain; charset=utf-8")
    # A device chooses its name: it may hold line ends, slashes, or what turns the reading round.
    name = get_valid_filename(f"{row.device_name or row.device_ref}-{row.deployment.number}.log")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response
