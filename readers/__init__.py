"""People who come back: one confirmed address, one consent per topic. Knows neither articles nor products."""
