"""The addresses of Sensor Update Services, v3."""

from django.urls import path

from api.carbonblack.views.jobs import Jobs, JobSearch, OneJob
from api.carbonblack.views.sensors import SensorExport, SensorSearch

BASE = "sensor_update_service/v3/orgs/<str:org_key>/jobs"

urlpatterns = [
    path(BASE, Jobs.as_view(), name="carbonblack-jobs"),
    path(f"{BASE}/_search", JobSearch.as_view(), name="carbonblack-job-search"),
    path(f"{BASE}/<str:job_id>", OneJob.as_view(), name="carbonblack-job"),
    path(
        f"{BASE}/<str:job_id>/sensors/_search",
        SensorSearch.as_view(),
        name="carbonblack-sensor-search",
    ),
    path(
        f"{BASE}/<str:job_id>/sensors/_export",
        SensorExport.as_view(),
        name="carbonblack-sensor-export",
    ),
]
