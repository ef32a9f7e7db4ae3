"""Which event codes say what an alarm, its end, a test or a fault is. Pure; data.

Contact ID (DC-05) has a number of three digits, and 1 (new) or 3 (restored) before it; SIA (DC-03) has two letters for
each. A centre acts on the code: which ones must be agreed with it. There is no code by which an alarm is cancelled
here: whoever closes one may be made to.
"""

from __future__ import annotations

from dataclasses import dataclass

from alarmbro.model.delivery import CALLS, MessageKind, Occasion
from alarmbro.model.level import Level


@dataclass(frozen=True, slots=True)
class Code:
    """One event in both languages: `begun` and `over` in SIA, `number` in Contact ID."""

    number: str
    begun: str
    over: str


PANIC = Code("120", "PA", "PR")
ALARMS = {  # what `code=`, `medical_code=` and `help_code=` may name, in either language
    "120": PANIC, "PA": PANIC,
    "121": Code("121", "HA", "HR"), "122": Code("122", "HA", "HR"), "123": Code("123", "HA", "HR"),
    "HA": Code("122", "HA", "HR"),
    "129": Code("129", "PA", "PR"),
    "100": Code("100", "MA", "MR"), "MA": Code("100", "MA", "MR"),
    "101": Code("101", "QA", "QR"), "QA": Code("101", "QA", "QR"),
}  # fmt: skip
TESTS = {  # what nobody comes for; `test_code=` may name these, too
    "601": Code("601", "RX", "RX"), "RX": Code("601", "RX", "RX"),
    "602": Code("602", "RP", "RP"), "RP": Code("602", "RP", "RP"),
    "603": Code("603", "TX", "TX"), "TX": Code("603", "TX", "TX"),
}  # fmt: skip
CODES = ALARMS | TESTS
MEDICAL = ALARMS["MA"]
TRIAL = TESTS["RX"]
PERIODIC = TESTS["RP"]
BATTERY = Code("384", "XT", "XR")
LOST = Code("381", "PT", "PJ")  # supervision of a panic device lost: its trouble
TROUBLE = Code("380", "PT", "PJ")
AS_HOLDUP = {"PT": ("HT", "HJ")}  # SIA's trouble of a device that the centre knows as a hold-up button
TAMPER = Code("383", "TA", "TR")
LINE = Code("350", "YS", "YK")
SYSTEM = Code("300", "YX", "YZ")
OF_FAULT = {
    "battery": BATTERY,
    **dict.fromkeys(("silent", "offline", "gateway", "link"), LOST),
    **dict.fromkeys(("stuck", "cable", "flapping", "chatter", "gpio"), TROUBLE),
    "tamper": TAMPER,
    **dict.fromkeys(("mqtt", "probe", "target", "target_stuck", "watch_me", "site"), LINE),
}  # every other fault is one of the system
ENDS = frozenset({MessageKind.CLOSED_REAL, MessageKind.CLOSED_FALSE_ALARM, MessageKind.CLOSED_TEST})


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which codes were agreed with the centre; None: there is none for that."""

    alarm: Code = PANIC
    medical: Code = MEDICAL
    help: Code | None = None
    test: Code | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """What is said: a code, and whether it is over."""

    code: Code
    over: bool = False


def event_of(occasion: Occasion, chosen: Chosen) -> Event | None:
    """Give the event that says what a message is about; None where no code was agreed for that."""
    if occasion.kind in (MessageKind.FAULT, MessageKind.FAULT_CLEARED):
        return Event(_trouble(occasion.fault, chosen), occasion.kind is MessageKind.FAULT_CLEARED)
    if occasion.kind is MessageKind.TRIAL:
        return Event(TRIAL)
    level = {Level.ASSAULT: chosen.alarm, Level.MEDICAL: chosen.medical, Level.HELP: chosen.help}[occasion.level]
    if occasion.kind is MessageKind.TEST_ALARM:
        level = chosen.test or level
    elif occasion.kind not in CALLS | ENDS:
        return None
    return Event(level, occasion.kind in ENDS) if level else None


def _trouble(fault: str, chosen: Chosen) -> Code:
    code = OF_FAULT.get(fault, SYSTEM)
    if chosen.alarm.begun != "HA" or code.begun not in AS_HOLDUP:
        return code
    return Code(code.number, *AS_HOLDUP[code.begun])


def contact_id(event: Event, account: str, area: int, zone: int) -> str:
    """Give the data block in Contact ID: `#1234|1120 01 001`. It has room for areas to 99 and zones to 999."""
    return f"#{account}|{3 if event.over else 1}{event.code.number} {area:02} {zone:03}"


def sia(event: Event, account: str, area: int, zone: int) -> str:
    """Give the data block in SIA: `#1234|Nri1/PA1`."""
    return f"#{account}|Nri{area}/{event.code.over if event.over else event.code.begun}{zone}"
