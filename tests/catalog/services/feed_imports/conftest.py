"""Where the files of imports lie while tests run: in a folder that goes with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage

from catalog.models import FeedImport


@pytest.fixture(autouse=True)
def _files_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = FileSystemStorage(location=tmp_path / "imports", base_url=None)
    monkeypatch.setattr(FeedImport._meta.get_field("file"), "storage", storage)
