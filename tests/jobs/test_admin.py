import pytest
from django.test import Client
from django.urls import reverse

from fleet.models import User
from jobs.liveness import mark
from jobs.queue import enqueue

pytestmark = pytest.mark.django_db


def test_superusers_read_jobs_and_change_none(client: Client) -> None:
    mark()
    job = enqueue("tests.add", {"numbers": [1]})
    client.force_login(User.objects.create_superuser("root@example.com", "correct horse"))
    listed = client.get(reverse("admin:jobs_job_changelist"), {"q": str(job.id)})
    assert "tests.add" in listed.text
    assert "jobs.sweep" not in client.get(reverse("admin:jobs_job_changelist")).text
    assert client.get(reverse("admin:jobs_job_change", args=[job.id])).status_code == 200
    assert client.post(reverse("admin:jobs_job_change", args=[job.id])).status_code == 403
    assert client.get(reverse("admin:jobs_job_delete", args=[job.id])).status_code == 403
