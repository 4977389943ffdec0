"""What do readers see of the recommender? Page objects, finished before their templates run."""

from __future__ import annotations
