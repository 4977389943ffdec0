"""What does the machine do by itself, when did it, and does it still? `rows` reads it, `page` shows it to operators."""
