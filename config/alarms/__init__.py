"""What has to be told to whoever looks after the machine? `table` says what, `judging` when, `watching` tells it."""
