"""A release of tomorrow, whose migrations run beside the code of today; only the test of that names it."""
