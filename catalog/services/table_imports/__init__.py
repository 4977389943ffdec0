"""How do products, offers and links come in from a file? Taken, tried, confirmed, stored.

The order: `take_table` → `run_table` (a trial) → `store_later` → `run_table` (for good). `stop` and `go_on_later` in
between. Everything raises `ImportError_` with a sentence for the editor.
"""

from catalog.services.feed_imports.errors import ImportError_
from catalog.services.table_imports.files import NotOursError, rejected, take_table
from catalog.services.table_imports.keeping import delete_old_tables
from catalog.services.table_imports.rights import may_import
from catalog.services.table_imports.running import go_on_later, lost_tables, run_table, stop, store_later
from catalog.services.table_imports.telling import CHANGE_COLUMNS, change_cells

__all__ = [
    "CHANGE_COLUMNS",
    "ImportError_",
    "NotOursError",
    "change_cells",
    "delete_old_tables",
    "go_on_later",
    "lost_tables",
    "may_import",
    "rejected",
    "run_table",
    "stop",
    "store_later",
    "take_table",
]
