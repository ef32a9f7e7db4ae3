"""The gate that a first message waits at: opened or called off once, by whoever comes first."""

from __future__ import annotations

import threading

import pytest

from alarmbro.delivery.gate import CalledOffError, Gate


def test_many_who_open_it_at_once_open_it_once() -> None:
    """The journal's thread and the deciding one may both know at the same moment."""
    for _ in range(50):
        gate, together = Gate(), threading.Barrier(4)

        def open_it(gate: Gate = gate, together: threading.Barrier = together) -> None:
            together.wait()
            gate.open()

        threads = [threading.Thread(target=open_it) for _ in range(4)]
        for thread in threads:
            thread.start()
        gate.wait()
        for thread in threads:
            thread.join()
        assert gate.opened


def test_what_is_called_off_does_not_pass_and_what_has_passed_is_not_called_off() -> None:
    """The first word counts."""
    gone, left = Gate(), Gate()
    gone.call_off()
    gone.open()
    with pytest.raises(CalledOffError):
        gone.wait()
    left.open()
    left.call_off()
    left.wait()
    assert not left.called_off
