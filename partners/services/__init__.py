"""What is written for other people's machines."""
