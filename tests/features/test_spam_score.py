"""A digest by SpamAssassin's own rules; what asks the network (who sent it from where) is left out.

Needs Debian's `spamassassin`; is skipped where it is missing.
"""

import re
import shutil
import subprocess

import pytest

from alerts import render
from benchmarks.pictures.samples import digest
from monitor.config import Mail
from monitor.store.delivery import Language

SPAMASSASSIN = shutil.which("spamassassin")
pytestmark = pytest.mark.skipif(SPAMASSASSIN is None, reason="Debian's spamassassin is not installed")
MAIL = Mail(sender="政策观察 <watch@example.com>")


@pytest.mark.parametrize(("items", "language"), [(0, "zh-CN"), (1, "zh-CN"), (30, "zh-CN"), (30, "en")])
def test_a_digest_is_no_spam(items: int, language: Language) -> None:
    message = render.message(digest(items, language), MAIL, "<digest-0123456789abcdef@example.com>")
    done = subprocess.run([SPAMASSASSIN or "", "-L", "-t"], input=message, capture_output=True, check=True)
    report = done.stdout.decode(errors="replace")
    points = re.search(r"details:\s+\((-?[\d.]+) points", report)
    assert points is not None, report
    assert float(points[1]) < 2, report[report.index("Content analysis") :]
