"""What is promised, and is it kept? Numbers for Prometheus at `/metrics`, made when they are asked for.

Nothing is counted in a process and lost with it: each number is read from where the thing itself lies (PostgreSQL,
Redis, the spool's folder), so every web process says the same.
"""
