"""What came of what we published? Reports for editors: clicks, views and earnings from every side."""
