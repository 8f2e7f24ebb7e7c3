"""Properties run on the same examples every time, and on few: they guard the rules, they do not search for days."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "rules", derandomize=True, max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("rules")
