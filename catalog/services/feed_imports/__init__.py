"""How do a merchant's items come in from a file or a feed? Set up, tried dry, run in the background, stopped, resumed.

The order: `start_import` → `detect` → `set_mapping` (until it returns no problems) → `dry_run` → `queue_import`, which
hands the import to a worker (`run_import`). `cancel_import` stops it at the next stroke, `resume_import` goes on where
it stopped, `retry_import` begins it anew. Everything raises `ImportError_` with a sentence for the editor.
"""

from catalog.services.feed_imports.dry_run import DryRun, dry_run
from catalog.services.feed_imports.errors import ImportError_
from catalog.services.feed_imports.fields import FIELDS, URL_TEMPLATE, ImportField
from catalog.services.feed_imports.layout import DELIMITERS, FORMATS
from catalog.services.feed_imports.reader_of import reader_of
from catalog.services.feed_imports.running import (
    cancel_import,
    lost_imports,
    queue_import,
    resume_import,
    retry_import,
    run_import,
)
from catalog.services.feed_imports.setting_up import detect, mapping_problems, set_mapping, start_import

__all__ = [
    "DELIMITERS",
    "FIELDS",
    "FORMATS",
    "URL_TEMPLATE",
    "DryRun",
    "ImportError_",
    "ImportField",
    "cancel_import",
    "detect",
    "dry_run",
    "lost_imports",
    "mapping_problems",
    "queue_import",
    "reader_of",
    "resume_import",
    "retry_import",
    "run_import",
    "set_mapping",
    "start_import",
]
