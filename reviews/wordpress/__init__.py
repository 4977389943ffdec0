"""WHAT A WORDPRESS SITE BRINGS ALONG: its export file read, its posts made blocks, its short links made ours."""
