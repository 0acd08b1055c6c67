"""The page of one's own exports, part of the dashboard."""

from django.urls import path

from api.v1.exports import pages

urlpatterns = [
    path("exports/", pages.exports, name="exports"),
    path("exports/begin/", pages.begin, name="exports-begin"),
    path("exports/<uuid:export_id>/delete/", pages.forget, name="export-delete"),
]
