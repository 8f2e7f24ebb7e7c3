"""The pages that the service answers with: what a reader may change about a subscription, and feeds."""

from monitor.web.server import serving

__all__ = ["serving"]
