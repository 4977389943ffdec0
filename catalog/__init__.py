"""What can be bought, where, for how much, and through which link."""
