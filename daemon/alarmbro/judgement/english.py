"""The English words. Data only: the syntax is `judgement.template`'s, what each may name is in `judgement.texts`.

Order and meaning are those of `judgement.danish`, text by text.
"""

from __future__ import annotations

_DETAILS = (
    "\n\nPlace: {site}\nAddress: {address}\nButton: {device}\nPressed: {when}\nPresses: {presses}"
    "\nNumber of the alarm: {alarm}\n\n"
)
_ANSWER = "On your way? Answer here: {url}\n"
_POLICE = "Use 112 to call the police."

TEXTS = {
    "alarm.short": "PANIC ALARM {alarm} at {time}: {site}, {device}. {instruction} {link}",
    "alarm.link": "Answer: {url}",
    "alarm.title": "PANIC ALARM: {site}, {device}",
    "alarm.body": "PANIC ALARM {alarm} at {time}: {site}, {device}.\n{instruction}" + _DETAILS + _ANSWER + _POLICE,
    "late.short": "DELAYED PANIC ALARM {alarm}: pressed at {time}, received {late} later. {site}, {device}. {link}",
    "late.link": "Answer: {url}",
    "late.title": "DELAYED PANIC ALARM: {site}, {device}",
    "late.body": (
        "DELAYED PANIC ALARM {alarm}: pressed at {time}, received {late} later. {site}, {device}.\n"
        "{instruction}\nThere may still be danger: find out whether somebody needs help."
        + _DETAILS + _ANSWER + _POLICE
    ),
    "pressed_again.short": (
        "PRESSED AGAIN at {now}: PANIC ALARM {alarm}, {site}, {device}. The alarm is still active. {link}"
    ),
    "pressed_again.link": "Answer: {url}",
    "pressed_again.title": "PRESSED AGAIN: {site}, {device}",
    "pressed_again.body": (
        "PRESSED AGAIN at {now}: PANIC ALARM {alarm}, {site}, {device}.\nThe alarm is still active.\n{instruction}"
        + _DETAILS + _ANSWER + _POLICE
    ),
    "escalated.short": "NOBODY HAS ANSWERED for {waited}: PANIC ALARM {alarm}, {site}, {device}, at {time}. {link}",
    "escalated.link": "Take over: {url}",
    "escalated.title": "NOBODY HAS ANSWERED: {site}, {device}",
    "escalated.body": (
        "NOBODY HAS ANSWERED for {waited}: PANIC ALARM {alarm}, {site}, {device}, at {time}.\n{instruction}"
        + _DETAILS + "You are told because nobody before you has answered. "
        "See whether somebody is on the way, or take over.\nTake over here: {url}\n" + _POLICE
    ),
    "repeated.short": "REPEAT {count}: PANIC ALARM {alarm}, {site}, {device}, at {time}. {state} {link}",
    "repeated.link": "Answer: {url}",
    "repeated.title": "REPEAT {count}: PANIC ALARM {site}, {device}",
    "repeated.body": (
        "REPEAT {count}: PANIC ALARM {alarm}, {site}, {device}, at {time}.\n{state}\n{instruction}"
        + _DETAILS + _ANSWER + _POLICE
    ),
    "no_one_told.short": "NOBODY COULD BE REACHED: PANIC ALARM {alarm}, {site}, {device}, at {time}. Call 112.",
    "no_one_told.title": "NOBODY COULD BE REACHED: {site}, {device}. Call 112",
    "no_one_told.body": (
        "NOBODY COULD BE REACHED: PANIC ALARM {alarm}, {site}, {device}, at {time}.\n"
        "Call 112 now. No recipient has been told of the alarm.\n{instruction}" + _DETAILS
    ),
    "acknowledged.short": (
        "ON THE WAY: {who} has answered {alarm}, {site}, {device}, at {now}. The alarm is still active."
    ),
    "acknowledged.title": "ON THE WAY: {site}, {device}",
    "acknowledged.body": (
        "ON THE WAY: {who} has answered {alarm}, {site}, {device}, at {now}.\n"
        "The alarm is active until it is closed.\n{instruction}" + _DETAILS + _POLICE
    ),
    "closed_real.short": (
        "CLOSED {alarm} at {now}: {site}, {device}. The danger is over. Closed by {who}. Remember the follow-up."
    ),
    "closed_real.title": "CLOSED: {site}, {device}",
    "closed_real.body": (
        "CLOSED {alarm} at {now}: {site}, {device}.\nThe danger is over. Closed by {who}.\n{note}" + _DETAILS
        + "Remember the follow-up: leave nobody alone with it, and follow the contingency plan."
    ),
    "closed_false_alarm.short": "FALSE ALARM {alarm}: {site}, {device}. Called off at {now} by {who}. Do not respond.",
    "closed_false_alarm.title": "FALSE ALARM: {site}, {device}",
    "closed_false_alarm.body": (
        "FALSE ALARM {alarm}: {site}, {device}.\nCalled off at {now} by {who}. Do not respond.\n{note}" + _DETAILS
    ),
    "closed_test.short": (
        "TEST OVER {alarm} at {now}: {site}, {device}. It was only a test, do not respond. Closed by {who}."
    ),
    "closed_test.title": "TEST OVER: {site}, {device}",
    "closed_test.body": (
        "TEST OVER {alarm} at {now}: {site}, {device}.\nIt was only a test, do not respond. Closed by {who}.\n{note}"
        + _DETAILS
    ),
    "test_alarm.short": "TEST ALARM {alarm} at {time}: {site}, {device}. Only a test, do NOT respond. {link}",
    "test_alarm.link": "Confirm receipt: {url}",
    "test_alarm.title": "TEST ALARM: {site}, {device}",
    "test_alarm.body": (
        "TEST ALARM {alarm} at {time}: {site}, {device}.\nOnly a test, do NOT respond." + _DETAILS
        + "Confirm that you got this message: {url}"
    ),
    "trial.short": "TRIAL at {now}: Trial message of the panic alarm to {recipient}. Do not respond. {note}",
    "trial.title": "TRIAL of the panic alarm",
    "trial.body": (
        "TRIAL at {now}: Trial message of the panic alarm to {recipient}.\n"
        "Do not respond. Nobody has pressed a button.\n\n{note}"
    ),
    "fault.short": "FAULT at {now}: {site}, {device}. {what} {do}",
    "fault.title": "FAULT in the panic alarm: {site}, {device}. {what}",
    "fault.body": (
        "FAULT at {now}: {site}, {device}.\n{what}\n{do}\n\nBegan: {when}\nNumber of the alarm: {alarm}\n"
        "For the technician: {detail}\n\nIn danger while the fault lasts, call 112."
    ),
    "fault_cleared.short": "FAULT CLEARED at {now}: {site}, {device}. Solved: {what}",
    "fault_cleared.title": "FAULT CLEARED: {site}, {device}. {what}",
    "fault_cleared.body": (
        "FAULT CLEARED at {now}: {site}, {device}.\nSolved: {what}\n\nBegan: {when}\nFor the technician: {detail}"
    ),
    "state.nobody": "Nobody has said that they are on the way.",
    "state.somebody": "{who} is on the way.",
    "who.unknown": "a colleague",
    "time.seconds": "{count} s",
    "time.minutes": "{count} min",
    "time.hours": "{count} hours",
    "time.days": "{count} days",
    "time.unknown": "unknown time",
    "time.other_day": "{time} on {date}",
    "time.both": "{date} at {time}",
}  # fmt: skip

FAULTS = {
    "mqtt/broker": (
        "No connection to the MQTT broker.",
        "Wireless buttons do not work: use the telephone/112. Check network and broker.",
    ),
    "mqtt/client-id": (
        "Two machines use the same MQTT name and cut each other off.",
        "Stop one of them, or mend serve so that each machine has its own sites.",
    ),
    "mqtt/handler": (
        "A message from MQTT could not be handled.",
        "A press may be lost: try the button, and look in the log.",
    ),
    "gpio/edges": (
        "The machine no longer reports by itself when a button is pressed.",
        "The buttons are still read, but slower. Restart alarmbro.",
    ),
    "gpio/door": (
        "A press of a wired button was not taken.",
        "Ask whether somebody pressed. Look in the log, and restart alarmbro.",
    ),
    "gpio/*": (
        "The button {subject} cannot be read.",
        "It does not work: use the telephone/112. Check cable and pin.",
    ),
    "stuck/*": (
        "The button {subject} has been pressed for long.",
        "It cannot raise a new alarm. Check whether it sticks or its cable is squeezed.",
    ),
    "journal/write": (
        "The journal cannot be written.",
        "Alarms still go out, but are forgotten at a restart. Check disk and space.",
    ),
    "journal/stall": (
        "The journal writes too slowly.",
        "Alarms still go out. Check the memory card or disk.",
    ),
    "journal/replaced": (
        "The journal is damaged, was moved or was replaced.",
        "Find out by whom and why, keep the old one, and restart alarmbro.",
    ),
    "target/*": (
        "The recipient {subject} cannot be reached.",
        "It is tried again. Check address and provider; tell the recipient in another way.",
    ),
    "target_stuck/*": (
        "Sending to {subject} hangs.",
        "Other recipients are still told. Check network and provider.",
    ),
    "listener/turn": (
        "Alarmbro ran into an error while deciding who must be told.",
        "Alarms may be late. Look in the log, and tell the technicians.",
    ),
    "listener/*": (
        "Alarmbro no longer listens to {subject}.",
        "Buttons there may not work: use the telephone/112. Restart alarmbro.",
    ),
    "nobody_told/*": (
        "NOBODY COULD BE REACHED about alarm {subject}.",
        "Call 112, and go there with a colleague if it is safe.",
    ),
    "unroutable/*": (
        "Alarm {subject} comes from a place that is not in the configuration.",
        "Nobody has been told: call the place, or else 112. Mend the configuration.",
    ),
    "clock/*": (
        "The machine's clock is wrong or not set.",
        "Alarms still go out, but times may be wrong. Check network and NTP.",
    ),
    "*": (
        "Fault in {kind}: {subject}.",
        "Alarms may be late or not come. See alarmbro status and the log.",
    ),
}
