"""What a comment may say, how its words become HTML, and what makes it spam. No models here."""
