"""Replica source sites on loopback, for `policywatch demo` and the tests; never used on real data."""

from monitor.demo.content import EXTRA, ReplicaArticle
from monitor.demo.replicas import Replicas
from monitor.demo.sites import SITES

__all__ = ["EXTRA", "SITES", "ReplicaArticle", "Replicas"]
