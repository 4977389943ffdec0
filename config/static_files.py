"""Which static files are worth compressing beforehand? Those that readers load, not those only staff do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from whitenoise.storage import CompressedManifestStaticFilesStorage

# Megabytes of scripts for the admin's editor and the API's documentation page: compressing them as hard as the
# readers' files takes most of a minute at every first start, and nobody waits for them on a slow line.
LEFT_AS_THEY_ARE = ("admin/", "django_prose_editor/", "drf_spectacular_sidecar/", "rest_framework/", "django_filters/")


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Every file under a name that changes with its content; readers' files also as .gz and .br."""

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        wanted = [path for path in paths if not path.startswith(LEFT_AS_THEY_ARE)]
        yield from super().compress_files(wanted)
