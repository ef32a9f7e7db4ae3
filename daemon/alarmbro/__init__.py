"""alarmbro carries a press on a panic button to the people who must come.

The house has five floors. A module imports only from floors below its own (and from its own folder):
`tests/test_floors.py` enforces it.

=====  ==========================================================  ===========================
floor  folder                                                      may touch
=====  ==========================================================  ===========================
0      `model`: the words of the field                             nothing
1      `judgement`: what follows from what; `now` is an argument   nothing
2      `config`, `journal`, `inputs`, `delivery`, `feedback`,      one part of the world each
       `control`, `report`, `machine`, `clock`, `systemd`, `logs`
3      `shell`: the one door, the turn, the sender                 the edges below
4      `daemon`, `cli`, `demo`                                     all: they build and start
=====  ==========================================================  ===========================
"""

__version__ = "0.1.0"
