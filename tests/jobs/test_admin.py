import pytest
from django.test import Client
from django.urls import reverse

from fleet.models import User
from jobs.liveness import mark
from jobs.queue import enqueue
from tests.make import make_organization, make_user

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


def test_who_administers_an_organization_reads_its_jobs_only(client: Client) -> None:
    home = make_organization()
    mine = enqueue("tests.mine", {}, organization_id=home.pk)
    others = [enqueue("tests.system", {})]
    others.append(enqueue("tests.theirs", {}, organization_id=make_organization().pk))
    client.force_login(make_user(organization=home, is_staff=True))
    listed = client.get(reverse("admin:jobs_job_changelist")).text
    assert "tests.mine" in listed
    assert "tests.system" not in listed
    assert "tests.theirs" not in listed
    assert client.get(reverse("admin:jobs_job_change", args=[mine.id])).status_code == 200
    for job in others:
        assert client.get(reverse("admin:jobs_job_change", args=[job.id])).status_code == 302
