"""Benchmarks: each states its bar and compares with a named peer in the same run. Tests do not time; these do."""
