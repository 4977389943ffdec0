"""Is the catalogue's configuration usable? System checks with ids, shown by `manage.py check`."""
