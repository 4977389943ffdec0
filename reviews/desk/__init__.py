"""What editors do with an article that needs its page: check, publish, schedule, retire."""
