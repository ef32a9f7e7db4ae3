"""The English words. Data only: the syntax is in `words.template`, what each may name in `words.texts`.

Order and meaning are those of `judgement.words.danish`, text by text.
"""

from __future__ import annotations

_DETAILS = (
    "\n\nPlace: {site}\nAddress: {address}\nButton: {device}\nPosition: {position}\nPressed: {when}\nPresses: {presses}"
    "\nNumber of the alarm: {alarm}\n\n"
)
_ANSWER = "On your way? Answer here: {url}\n"
_CALL = "{call}"

TEXTS = {
    "alarm.short": "{level} {alarm} at {time}: {site}, {device}. {plea} {instruction} {link}",
    "alarm.link": "Answer: {url}",
    "alarm.title": "{level}: {site}, {device}",
    "alarm.body": "{level} {alarm} at {time}: {site}, {device}.\n{plea}\n{instruction}" + _DETAILS + _ANSWER + _CALL,
    "late.short": "DELAYED {level} {alarm}: pressed at {time}, received {late} later. {site}, {device}. {link}",
    "late.link": "Answer: {url}",
    "late.title": "DELAYED {level}: {site}, {device}",
    "late.body": (
        "DELAYED {level} {alarm}: pressed at {time}, received {late} later. {site}, {device}.\n"
        "{instruction}\nThere may still be danger: find out whether somebody needs help."
        + _DETAILS + _ANSWER + _CALL
    ),
    "pressed_again.short": (
        "PRESSED AGAIN at {now}: {level} {alarm}, {site}, {device}. The alarm is still active. {link}"
    ),
    "pressed_again.link": "Answer: {url}",
    "pressed_again.title": "PRESSED AGAIN: {site}, {device}",
    "pressed_again.body": (
        "PRESSED AGAIN at {now}: {level} {alarm}, {site}, {device}.\nThe alarm is still active.\n{instruction}"
        + _DETAILS + _ANSWER + _CALL
    ),
    "escalated.short": "NOBODY HAS ANSWERED for {waited}: {level} {alarm}, {site}, {device}, at {time}. {link}",
    "escalated.link": "Take over: {url}",
    "escalated.title": "NOBODY HAS ANSWERED: {site}, {device}",
    "escalated.body": (
        "NOBODY HAS ANSWERED for {waited}: {level} {alarm}, {site}, {device}, at {time}.\n{instruction}"
        + _DETAILS + "You are told because nobody before you has answered. "
        "See whether somebody is on the way, or take over.\nTake over here: {url}\n" + _CALL
    ),
    "repeated.short": "REPEAT {count}: {level} {alarm}, {site}, {device}, at {time}. {state} {link}",
    "repeated.link": "Answer: {url}",
    "repeated.title": "REPEAT {count}: {level} {site}, {device}",
    "repeated.body": (
        "REPEAT {count}: {level} {alarm}, {site}, {device}, at {time}.\n{state}\n{instruction}"
        + _DETAILS + _ANSWER + _CALL
    ),
    "no_one_told.short": "NOBODY COULD BE REACHED: {level} {alarm}, {site}, {device}, at {time}. Call 112.",
    "no_one_told.title": "NOBODY COULD BE REACHED: {site}, {device}. Call 112",
    "no_one_told.body": (
        "NOBODY COULD BE REACHED: {level} {alarm}, {site}, {device}, at {time}.\n"
        "Call 112 now. No recipient has been told of the alarm.\n{instruction}" + _DETAILS
    ),
    "acknowledged.short": (
        "ON THE WAY at {now}: {who} on the way, {answered}. {level} {alarm}, {site}, {device}. Alarm still active."
    ),
    "acknowledged.title": "ON THE WAY: {who}. {site}, {device}",
    "acknowledged.body": (
        "ON THE WAY at {now}: {who} on the way, {answered}. {level} {alarm}, {site}, {device}.\n"
        "The alarm is active until it is closed.\n{instruction}" + _DETAILS + _CALL
    ),
    "reminded.short": (
        "REMINDER at {now}: {level} {alarm} is still open, {site}, {device}. {who} answered {waited} ago. "
        "Close it when the danger is over. {link}"
    ),
    "reminded.link": "Answer: {url}",
    "reminded.title": "REMINDER: {level} still open, {site}, {device}",
    "reminded.body": (
        "REMINDER at {now}: {level} {alarm} is still open, {site}, {device}.\n"
        "{who} answered {waited} ago.\nClose the alarm when the danger is over. Still there? Then answer again. "
        "Otherwise the alarm is raised again, for everybody.\nAnswer here: {url}\n{testing}\n{instruction}"
        + _DETAILS + _CALL
    ),
    "lapsed.short": (
        "NOT CLOSED at {now}: {level} {alarm}, {site}, {device}. {who} answered {waited} ago. Look into it now. {link}"
    ),
    "lapsed.link": "Answer: {url}",
    "lapsed.title": "NOT CLOSED: {level} {site}, {device}",
    "lapsed.body": (
        "NOT CLOSED at {now}: {level} {alarm}, {site}, {device}.\n"
        "{who} answered {waited} ago, but nobody has closed the alarm. Look into it now.\n{instruction}"
        + _DETAILS + _ANSWER + _CALL
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
    "aftercare.short": "FOLLOW-UP after {level} {alarm}, {site}, {device}, {when}.",
    "aftercare.title": "FOLLOW-UP: {site}, {device}",
    "aftercare.body": "FOLLOW-UP after {level} {alarm}, {site}, {device}, {when}.\nClosed by {who}.\n{note}",
    "several.short": "{count} ALARMS at {now}:",
    "several.title": "{count} ALARMS: {site}",
    "several.body": "{count} ALARMS at {now}. Each of them needs help:",
    "several.line": "{level} {alarm}: {site}, {device}, at {time}.",
    "test_alarm.short": "TEST ALARM {alarm} at {time}: {site}, {device}. Only a test, do NOT respond. {link}",
    "test_alarm.link": "Confirm receipt: {url}",
    "test_alarm.title": "TEST ALARM: {site}, {device}",
    "test_alarm.body": (
        "TEST ALARM {alarm} at {time}: {site}, {device}.\nOnly a test, do NOT respond." + _DETAILS
        + "Confirm that you got this message: {url}"
    ),
    "test_started.short": (
        "TEST {alarm} from {time} to {until}: {site}. {who} tests the alarms. Only what begins with TEST is a test."
    ),
    "test_started.title": "TEST of alarms: {site}, {time} to {until}",
    "test_started.body": (
        "TEST {alarm} from {time} to {until}: {site}.\n{who} tests the alarms: {missing}.\n\n"
        "Messages that begin with TEST are only tests. Every other message is real, during the test, too.\n"
        "If there is danger during the test, press twice, hold the button for 3 seconds, or call 112."
    ),
    "test_warning.short": "TEST {alarm} ends at {until}: {site}. {result}",
    "test_warning.title": "TEST ends at {until}: {site}",
    "test_warning.body": (
        "TEST {alarm} ends at {until}: {site}.\n{result}\n\nButtons that are not tested by then have not passed."
    ),
    "test_ended.short": "TEST OVER {alarm} at {now}: {site}. {result} Every press is real from now on.",
    "test_ended.title": "TEST OVER: {site}. {result}",
    "test_ended.body": "TEST OVER {alarm} at {now}: {site}.\n{result}\n\nEvery press is real from now on.",
    "test_due.short": "REMINDER: {site}. {what} {detail}",
    "test_due.title": "REMINDER: alarms must be tested, {site}",
    "test_due.body": "REMINDER: {site}.\n{what}\n{do}\n\nLast tested: {detail}",
    "trial.short": "TRIAL at {now}: Trial message of the panic alarm to {recipient}. Do not respond. {note}",
    "trial.title": "TRIAL of the panic alarm",
    "trial.body": (
        "TRIAL at {now}: Trial message of the panic alarm to {recipient}.\n"
        "Do not respond. Nobody has pressed a button.\n\n{note}"
    ),
    "fault.short": "FAULT at {now}: {site}, {device}. {what} {do}",
    "fault.title": "FAULT in the panic alarm: {site}, {device}. {what}",
    "fault.body": (
        "FAULT at {now}: {site}, {device}.\n{what}\n{do}\n{testing}\n\nBegan: {when}\nNumber of the alarm: {alarm}\n"
        "For the technician: {detail}\n\nIn danger while the fault lasts, call 112."
    ),
    "fault_cleared.short": "FAULT CLEARED at {now}: {site}, {device}. Solved: {what}",
    "fault_cleared.title": "FAULT CLEARED: {site}, {device}. {what}",
    "fault_cleared.body": (
        "FAULT CLEARED at {now}: {site}, {device}.\nSolved: {what}\n\nBegan: {when}\nFor the technician: {detail}"
    ),
    "level.assault": "PANIC ALARM",
    "level.help": "CALL FOR HELP",
    "level.medical": "MEDICAL ALARM",
    "plea.assault": "",
    "plea.help": "A colleague asks for help.",
    "plea.medical": "Somebody is taken ill or hurt.",
    "call.assault": "Use 112 to call the police.",
    "call.help": "If it becomes dangerous, call 112.",
    "call.medical": "In danger of life, call 112.",
    "answered.seconds": "{count} s",
    "answered.minutes": "{count} min",
    "answered.hours": "{count} h",
    "result.all": "All {count} buttons have passed.",
    "result.some": "{passed} of {count} passed. Missing: {missing}.",
    "testing.some": "TEST RUNNING until {until}: {testing}.",
    "state.nobody": "Nobody has said that they are on the way.",
    "state.somebody": "{who} is on the way.",
    "who.unknown": "a colleague",
    "time.seconds": "{count} s",
    "time.minutes": "{count} min",
    "time.hours": "{count} hours",
    "time.days": "{count} days",
    "time.unknown": "unknown time",
    "time.other_day": "{time} on {date}",
    "position.found": "{map} (found at {time}, {age} old)",
    "position.unknown": "{map} (age unknown: perhaps an old place)",
    "time.both": "{date} at {time}",
}  # fmt: skip
