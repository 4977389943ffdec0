"""A price as text, over time, and among others."""
