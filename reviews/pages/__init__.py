"""What does each page show? One frozen object per page, built before its template runs."""
