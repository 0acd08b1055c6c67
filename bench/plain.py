"""What an engineer writes in an hour: a Django REST framework poll that writes `last_seen`.

It reads and writes the same tables as Slipway's own poll, over the same database.
"""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

import django

django.setup()

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.urls import path
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from deployments.models import DeviceDeployment
from fleet import device_tokens
from fleet.models import AuthSet, Contact, Device


class DeviceAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[Device, None]:
        claims = device_tokens.read(request.headers["Authorization"].removeprefix("Bearer "))
        if claims is None:
            raise exceptions.AuthenticationFailed
        auth_set = AuthSet.objects.select_related("device").filter(
            pk=claims.auth_set, status="accepted", token_serial=claims.serial
        )
        if not (found := auth_set.first()):
            raise exceptions.AuthenticationFailed
        return found.device, None


class Poll(APIView):
    authentication_classes = [DeviceAuthentication]
    permission_classes: list[type] = []

    def post(self, request: Request) -> Response:
        device: Device = request.user
        Contact.objects.update_or_create(device=device, defaults={"seen_at": timezone.now()})
        row = (
            DeviceDeployment.objects.select_related("deployment", "artifact__release")
            .filter(device=device, is_open=True, deployment__aborted_at=None)
            .order_by("deployment_id")
            .first()
        )
        if row is None or row.artifact is None:
            return Response(status=204)
        return Response(
            {
                "id": row.deployment.id,
                "artifact": {
                    "artifact_name": row.artifact.release.name,
                    "source": {"uri": f"http://127.0.0.1/{row.artifact.file}"},
                    "device_types_compatible": row.artifact.device_types,
                },
            }
        )


urlpatterns = [path("api/devices/v2/deployments/device/deployments/next", Poll.as_view())]
settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = []
settings.REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": None,
}
application = WSGIHandler()
