"""Mutated pages and files are read or refused: nothing but PageError leaves their readers. `./run bench fuzz` tries more."""

from itertools import islice

from benchmarks.fuzz import file_cases, page_cases, trial

PAGES, FILES = 500, 140


def test_mutated_pages_are_read_or_refused() -> None:
    problems, _ = trial(islice(page_cases(seed=4), PAGES))
    assert problems == []


def test_mutated_files_are_read_or_refused() -> None:
    problems, _ = trial(islice(file_cases(seed=4), FILES))
    assert problems == []


def test_the_cases_are_mutations_and_the_same_at_each_run() -> None:
    once, again = (list(islice(page_cases(seed=4), 40)) for _ in range(2))
    assert once == again
    assert len({body for _, body in once}) == 40
