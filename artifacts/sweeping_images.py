"""Images that nobody is sending any more, and those that went wrong a day ago."""

from datetime import timedelta

from django.utils import timezone

from artifacts.fetching_images import FETCH
from artifacts.models import IncomingImage
from artifacts.receiving_images import State, fail
from artifacts.sweeping import has_writer
from jobs.models import Job

KEPT_FOR = timedelta(hours=24)
MOMENT = timedelta(minutes=1)  # between the row of an image and its file


def sweep_images() -> int:
    """Note of each image whose sender died that it broke off, and forget what failed a day ago.

    How many images there were. Their files are swept like all that have no row. Call it outside a
    transaction.
    """
    now = timezone.now()
    forgotten, _ = IncomingImage.objects.filter(ended_at__lte=now - KEPT_FOR).delete()
    open_rows = IncomingImage.objects.filter(ended_at__isnull=True).iterator(chunk_size=500)
    dead = [image for image in open_rows if not _is_at_work(image)]
    for image in dead:
        fail(image, State.UPLOAD_ERROR, "The transfer broke off.")
    return forgotten + len(dead)


def _is_at_work(image: IncomingImage) -> bool:
    if image.url:
        jobs = Job.objects.filter(kind=FETCH, arguments__image=image.pk)
        return jobs.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING]).exists()
    if not image.file:
        return image.created_at > timezone.now() - MOMENT
    return has_writer(image.file)
