"""Headset or headphones, and which one? Needs in, a decision with its reasons out. Stores no visitors."""
