"""The addresses of the Job Service, v1."""

from django.urls import path

from api.carbonblack.views.service_jobs import Download, OneServiceJob, Progress, ServiceJobs

BASE = "jobs/v1/orgs/<str:org_key>/jobs"

urlpatterns = [
    path(BASE, ServiceJobs.as_view(), name="carbonblack-service-jobs"),
    path(f"{BASE}/<str:number>", OneServiceJob.as_view(), name="carbonblack-service-job"),
    path(f"{BASE}/<str:number>/progress", Progress.as_view(), name="carbonblack-progress"),
    path(f"{BASE}/<str:number>/download", Download.as_view(), name="carbonblack-download"),
]
