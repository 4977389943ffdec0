"""How do a merchant's items come in from a file or a feed? Set up, tried dry, run in the background, stopped, resumed.

The order: `start_import` → `detect` → `set_mapping` (until it returns no problems) → `dry_run` → `queue_import`, which
hands the import to a worker (`run_import`). `cancel_import` stops it at the next stroke, `resume_import` goes on where
it stopped, `retry_import` begins it anew. Everything raises `ImportError_` with a sentence for the editor.
"""

from catalog.services.feed_imports.errors import ImportError_
from catalog.services.feed_imports.fields import FIELDS, URL_TEMPLATE, ImportField
from catalog.services.feed_imports.layout import DELIMITERS, FORMATS
from catalog.services.feed_imports.setting_up import detect, mapping_problems, set_mapping, start_import

__all__ = [
    "DELIMITERS",
    "FIELDS",
    "FORMATS",
    "URL_TEMPLATE",
    "ImportError_",
    "ImportField",
    "detect",
    "mapping_problems",
    "set_mapping",
    "start_import",
]
