"""The fault run of `./run bench mail-faults`, small: every fault at least once, the sender killed twice."""

import pytest

from benchmarks.mail_faults import Outcome, run
from benchmarks.mail_faults.server import AT_GREETING, IN_A_MESSAGE


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return run(readers=40, events=20, days=1, kills=2, wells=1, timeout=0.1)


def test_every_reader_has_each_fact_once_or_its_message_is_listed(outcome: Outcome) -> None:
    assert outcome.mended.owed > 60
    assert (outcome.mended.lost, outcome.mended.doubled, outcome.mended.stray) == (0, 0, 0)


def test_nothing_waits_or_has_failed_once_the_server_is_mended(outcome: Outcome) -> None:
    assert outcome.mended.undecided == 0


def test_what_is_of_unknown_fate_comes_twice_only_where_it_was_kept(outcome: Outcome) -> None:
    assert outcome.mended.unknown > 0
    assert (outcome.resent.lost, outcome.resent.unknown, outcome.resent.undecided) == (0, 0, 0)
    assert outcome.resent.doubled == outcome.mended.kept_unknown


def test_the_run_met_kills_and_faults_of_every_kind_in_a_message(outcome: Outcome) -> None:
    assert outcome.kills == 2
    assert outcome.met & {*IN_A_MESSAGE} >= {*IN_A_MESSAGE}
    assert outcome.met & {*AT_GREETING}
