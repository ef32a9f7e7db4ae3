"""The real daemon, which ends itself by SIGKILL at a labelled step between a press and its record.

`killed_at.py LABEL ARMED run …`: from the moment when the file ARMED is there, the first to come by the step kills.
Where it holds a number, so many go by before; where a second one, it stays at the step for so many seconds before it
kills, as at a card that thinks, and all other threads go as far as they may: what one of them confirms too early shows.
"""

from __future__ import annotations

import functools
import itertools
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alarmbro.delivery.channel import Channels
from alarmbro.delivery.session import KeptSession
from alarmbro.inputs.mqtt import MqttListener
from alarmbro.journal.writing.writer import Journal
from alarmbro.shell.deciding.presses import Presses
from alarmbro.shell.desk.inbox import Pressed
from alarmbro.shell.desk.recorder import Recorder
from alarmbro.shell.listening.intake import Intake
from alarmbro.shell.telling.deliveries import Deliveries

# label: whose function, its name, and whether it kills before or after it ran
STEPS: dict[str, tuple[type, str, str]] = {
    "press read": (Intake, "activation", "before"),
    "press handed to the journal": (Intake, "activation", "after"),
    "before the commit": (Journal, "_commit", "before"),
    "after the commit": (Journal, "_commit", "after"),
    "before the first message may leave": (Pressed, "go", "before"),
    "after it may": (Pressed, "go", "after"),
    "before the broker is told": (MqttListener, "_acknowledge", "before"),
    "after the broker is told": (MqttListener, "_acknowledge", "after"),
    "before the decision": (Presses, "_decide_now", "before"),
    "after the decision": (Presses, "_decide_now", "after"),
    "before a message is made": (Channels, "send", "before"),
    "before a message is sent": (KeptSession, "send", "before"),
    "after a message is sent": (KeptSession, "send", "after"),
    "before an attempt is noted": (Deliveries, "attempted", "before"),
    "after an attempt is noted": (Deliveries, "attempted", "after"),
    "before the record is handed over": (Recorder, "flush", "before"),
    "after the record is handed over": (Recorder, "flush", "after"),
}


def die_at(label: str, armed: Path) -> None:
    """Wrap the step's function."""
    owner, name, when = STEPS[label]
    real: Callable[..., Any] = getattr(owner, name)
    gone_by = itertools.count()

    def die_in_turn() -> None:
        if not armed.exists():
            return
        go_by, _, linger_s = armed.read_text(encoding="ascii").partition(" ")
        if next(gone_by) >= int(go_by or 0):
            threading.Event().wait(float(linger_s or 0))
            os.kill(os.getpid(), signal.SIGKILL)

    @functools.wraps(real)
    def deadly(*arguments: Any, **named: Any) -> Any:
        if when == "before":
            die_in_turn()
        result = real(*arguments, **named)
        if when == "after":
            die_in_turn()
        return result

    setattr(owner, name, deadly)


if __name__ == "__main__":
    from alarmbro.cli.main import main

    die_at(sys.argv[1], Path(sys.argv[2]))
    sys.argv = ["alarmbro", *sys.argv[3:]]
    main()
