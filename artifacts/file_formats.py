"""The formats that the file of an artifact is in."""

from django.db.models import TextChoices


class FileFormat(TextChoices):
    """Mender's own, or whatever came: such a file is kept raw."""

    MENDER = "mender"
    RAW = "raw"
