"""Where a link leads and for whom: addresses, routes, countries, QR codes. No models here."""
