"""The pause of the garbage collector: when it begins, and that it ends."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from mixpanel_query.local.ingestion import collection_pause
from mixpanel_query.local.ingestion.collection_pause import CollectionPause


@pytest.fixture(autouse=True)
def collecting() -> Iterator[None]:
    """Let the collector be on before and after each test."""
    gc.enable()
    yield
    gc.enable()


def test_the_last_one_out_ends_the_pause() -> None:
    """Two batches at once have one pause, until both are done."""
    pause = CollectionPause()
    with pause.entered():
        with pause.entered():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_error_ends_it_too() -> None:
    """A batch that is refused leaves nothing switched off."""
    with pytest.raises(ValueError, match="refused"), CollectionPause().entered():
        raise ValueError("refused")

    assert gc.isenabled()


def test_a_long_pause_takes_in_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends with those that are in it, whoever comes meanwhile."""
    monkeypatch.setattr(collection_pause, "LONGEST", -1.0)
    pause = CollectionPause()
    first, second = pause.entered(), pause.entered()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)

    assert gc.isenabled()
    second.__exit__(None, None, None)
    assert gc.isenabled()


def test_a_process_without_collector_stays_so() -> None:
    """Who switched it off does not find it on."""
    gc.disable()
    with CollectionPause().entered():
        assert not gc.isenabled()

    assert not gc.isenabled()
