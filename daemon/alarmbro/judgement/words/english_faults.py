"""What each fault is, and what to do about it, in English. Data only: by kind and subject, `*` is any."""

from __future__ import annotations

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
    "chatter/*": (
        "The button {subject} alarms again and again.",
        "Each press still counts. Ask whether anybody needs help; then see to the button and its cable.",
    ),
    "journal/write": (
        "The journal cannot be written.",
        "Alarms still go out, but are forgotten at a restart. Check disk and space.",
    ),
    "journal/opening": (
        "The record cannot be opened.",
        "Alarms go out, but those from before the start are not known yet. See to the SD card or disk.",
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
    "reviewed/*": (
        "Nobody has reviewed the addresses of {subject} for more than 12 months.",
        "Try them (alarmbro send), correct them, and write the day into reviewed.",
    ),
    "test_due/*": (
        "Alarms are due for their yearly test.",
        "Find a day and test them: alarmbro test start {subject}.",
    ),
    "feedback/*": (
        "A light does not work: {subject}.",
        "Alarms are sent as before. Check the light, its cable and the pin's number.",
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
