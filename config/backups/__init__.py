"""How is everything the site knows put into a folder, and how does it come back out of it, proven to be the same?

A backup is a folder of three files: `database.dump` (PostgreSQL's own format), `pictures.tar` (the files under
`MEDIA_ROOT`) and `manifest.json`, which names the sizes and checksums of both, and the number and a digest of the rows
of each table as they were in the very snapshot that was dumped. It is made under another name and renamed when it is
whole: a folder that has its name is complete.
"""

from __future__ import annotations

from config.backups.making import back_up
from config.backups.manifest import BackupError, Manifest, read_manifest
from config.backups.restoring import Restored, restore

__all__ = ["BackupError", "Manifest", "Restored", "back_up", "read_manifest", "restore"]
