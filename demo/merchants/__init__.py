"""Three small shops on this machine, for the demo: they sell, change their minds about prices, and do not exist."""
