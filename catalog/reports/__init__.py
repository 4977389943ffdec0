"""What networks say was earned: their dates, amounts, tables and answers, read into statements."""
