"""Which page, file or form answers which address?"""
