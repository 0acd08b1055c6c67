"""An upload form as any view would make one."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from artifacts.operations import add_artifact
from artifacts.receiving import expect_artifact, form_fields, received_file
from auditlog.actor import system
from fleet.errors import DomainError
from fleet.models import Organization


def upload(request: HttpRequest) -> HttpResponse:
    organization = Organization.objects.get()
    expect_artifact(request, organization)
    try:
        incoming = received_file(request)
        fields = form_fields(request)
        add_artifact(
            actor=system(organization.pk),
            incoming=incoming,
            description=fields.get("description", ""),
        )
    except DomainError as error:
        return HttpResponse(error.code, status=400)
    return HttpResponse("added", status=201)


def abandon(request: HttpRequest) -> HttpResponse:
    """Takes the file and does nothing with it."""
    expect_artifact(request, Organization.objects.get())
    return HttpResponse(str(received_file(request).size))


urlpatterns = [path("upload", upload), path("abandon", abandon)]
