from django.urls import path

from api.v1.exports.downloads import download
from api.v1.views.exports import ExportCollection, ExportItem

urlpatterns = [
    path("api/v1/exports", ExportCollection.as_view(), name="v1-exports"),
    path("api/v1/exports/<uuid:id>", ExportItem.as_view(), name="v1-export"),
    path("files/exports/<uuid:export_id>/<str:name>", download, name="export-download"),
]
