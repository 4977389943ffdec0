"""A click from the request to the spool: its id, its line, who made it, whether it repeats another. No models here."""
