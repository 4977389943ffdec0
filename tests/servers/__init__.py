"""Fake merchants that speak the real protocols over real HTTP, with faults."""
