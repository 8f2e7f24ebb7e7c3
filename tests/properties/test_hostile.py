"""Text that no one wrote to be read: one piece repeated for up to 200,000 characters ends in time that grows with the length only.

Each run is a process of its own with a bound far above what it takes (half a second to four), so that only a rule that looks at
everything again for each character goes beyond it.
"""

import subprocess
import sys
from pathlib import Path

import pytest

LENGTH = 200_000
DENSE = 40_000  # where each piece is a fact of its own, thousands are enough to tell
BOUND = 60  # seconds
JUDGE_PIECES = """
import sys
from monitor.domain import Article
from monitor.judge import Judge
from monitor.seeds import load_seeds

judge = Judge(load_seeds(shipped_sources=False))
length = int(sys.argv[1])
for piece in sys.argv[2:]:
    text = "力争到2027年，规划示范区奖励意见。" + piece * (length // len(piece))
    judge.judge(Article(title="无锡市工作报告2027年行动计划", text=text, published="2026-01-05"))
    print(piece, flush=True)
"""
GROUPS = {
    "words": ("计划", "力争", "示范区", "无锡市", "全市", "人工智能"),
    "times": ("到2027年", "每年", "十四五末", "同比"),
    "numbers": ("1", "一", "1,", "百分之", "3-5", "5家、"),
    "marks": ("《", "》", "、", "“", '"', "（", "，", "\n", " "),
    "clauses": ("力争10亿元，", "奖励5家，", "到2027年5家，", "争创国家示范区、"),
    "run together": ("力争10亿元的", "无锡市5家", "实施新型计划", "由5家增至6家"),
    "rows": (f"目标企业{'—' * 30}完成率5%，", f"目标企业{'共计' * 30}完成率5%，", "\n" * 30 + "企业"),
    "lines": ("一、发展目标\n", "无锡市\n", "1家\n", "指标 2027年目标\n", "到2027年目标：\n"),
}


@pytest.mark.parametrize("group", GROUPS)
def test_repetition_ends(group: str) -> None:
    command = [
        sys.executable,
        "-c",
        JUDGE_PIECES,
        str(DENSE if group in ("clauses", "run together", "rows") else LENGTH),
        *GROUPS[group],
    ]
    root = Path(__file__).parents[2]
    done = subprocess.run(
        command, cwd=root, capture_output=True, text=True, encoding="utf-8", timeout=BOUND, check=False
    )
    assert done.returncode == 0, done.stderr[-500:]
