"""What is stored of people who come back."""
