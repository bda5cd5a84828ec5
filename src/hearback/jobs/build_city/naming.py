"""What a dataset is called in addresses, in the evidence store and in the record of datasets."""

from __future__ import annotations

from django.utils.text import slugify


def dataset_name(title: str) -> str:
    """The title in small letters, digits and hyphens."""
    return slugify(title)
