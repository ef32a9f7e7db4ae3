"""alarmbro carries a press on a panic button to the people who must come.

The house has five floors. A module imports only from floors below its own (and from its own folder):
`tests/test_floors.py` enforces it.

=====  ==========================================================  ===========================
floor  folder                                                      may touch
=====  ==========================================================  ===========================
0      `model`: the words of the field                             nothing
1      `judgement`: what follows from what; `now` is an argument   nothing
2      `config`, `journal`, `inputs`, `delivery`, `feedback`,      one part of the world each
       `control`, `report`, `machine`, `metrics`, `clock`,
       `systemd`, `logs`
3      `shell`: the one door, the turn, the sender; `web`: the     the edges below
       page, a process of its own
4      `daemon`, `cli`, `demo`, `doctor`                           all: they build and start
=====  ==========================================================  ===========================

A folder that has grown has rooms, each for one word, which its docstring explains. Rooms of one folder import each
other one way only; what a folder has beside them either starts from all of them or is used by all.

`judgement`: from `addressing`, `contacts`, `expiring`, `mapping` and `words` over `record` and `telling` to `pressing`
    (what a press is), `course` (how its alarm goes on) and `rounds` (the yearly test); `supervising`, `feedback` and
    `home_assistant` beside them.
`config`: `syntax`, `values`, `schema`, `findings`, `presets`, `checking`; `loading` and `build` go through them.
`journal`: `file`, `reading`, `writing`.
`shell`: `desk`, which all share; `telling` people, `showing` machines; `asking`, `listening`, `supervising`,
    `watching`; `deciding`, the one thread that moves all.
`web`: `words`, `sources`, `guarding`, `visiting`, `pages`.
`cli`: `words`, `configuring`, `testing`, `standing`, `record`. `doctor`: `judging`, `trying`, `words`. `demo`:
    `processes`, `terminal`, `plan`.
"""

import importlib
import sys

__version__ = "0.1.0"

# structlog takes rich along wherever it is installed: 4 MB and 40 ms in the daemon, and the values of variables, which
# may be secrets, in the tracebacks of commands. Imported while rich cannot be found, it does without.
if not {"rich", "structlog"} & sys.modules.keys():
    sys.modules["rich"] = None  # type: ignore[assignment]  # this is how an import is made to fail
    importlib.import_module("structlog")
    del sys.modules["rich"]
