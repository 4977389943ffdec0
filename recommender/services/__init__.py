"""Who changes the rules, and how? Drafts in `drafts`, what comes into force in `versions`."""
