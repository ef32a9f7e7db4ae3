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
    "gpio/chip": (
        "The machine's connection to the wired buttons cannot be used.",
        "No wired button on it works: use the telephone/112. It is tried again; look in the log, and call IT.",
    ),
    "gpio/*": (
        "The button {subject} cannot be read.",
        "It does not work: use the telephone/112. Check cable and pin.",
    ),
    "active/*": (
        "The button {subject} stood pressed when the connection came.",
        "Ask whether somebody needs help. It can give an alarm only when it has been let go.",
    ),
    "swallowed/*": (
        "A press of {subject} may be lost: its battery is low.",
        "Ask now whether help is needed. Change the battery, and try the button.",
    ),
    "stuck/*": (
        "The button {subject} has been pressed for long.",
        "It cannot raise a new alarm. Check whether it sticks or its cable is squeezed.",
    ),
    "cable/*": (
        "The cable of the button {subject} is damaged, or a press of it was only half seen.",
        "Ask now whether help is needed. See to the cable, and try the button.",
    ),
    "flapping/*": (
        "There is noise on the cable of the button {subject}.",
        "It works, but may soon fail or give a false alarm. Look for loose terminals and power cables beside it.",
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
        "A new one has begun. Keep the old one, and find out by whom and why.",
    ),
    "journal/copy": (
        "The nightly copy of the journal was not made.",
        "Alarms are not touched. See systemctl status alarmbro-backup; check space and disk.",
    ),
    "journal/senseless": (
        "A line of the journal makes no sense.",
        "It is left out, and all else holds. Keep the journal, run alarmbro journal verify, and find the cause.",
    ),
    "certificate/*": (
        "The certificate {subject} ends soon, or has ended.",
        "No connection is made with it from then on. Have another made, and run alarmbro reload.",
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
    "listener/watching": (
        "The machine no longer watches other sites or tells Home Assistant.",
        "Alarms are sent as before. Look in the log, and restart alarmbro.",
    ),
    "listener/beacon": (
        "The machine no longer sends signs of life.",
        "Alarms are sent as before. Look in the log, and restart alarmbro.",
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
        "Call the place. If nobody answers there, call 112. Then mend the configuration.",
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
    "configuration/*": (
        "The changed configuration was not taken over: there are errors in it.",
        "The old one still holds, but the machine cannot start again with the new one: mend it, then alarmbro reload.",
    ),
    "clock/*": (
        "The machine's clock is wrong or not set.",
        "Alarms still go out, but times may be wrong. Check network and NTP.",
    ),
    "silent/*": (
        "The button {subject} has not been heard from.",
        "It may not work: use a telephone/112. Check battery and range, and try it.",
    ),
    "battery/*": (
        "Low battery in {subject}.",
        "Change or charge the battery today, and try the button afterwards.",
    ),
    "offline/*": (
        "The button {subject} is not connected.",
        "It does not work: use a telephone/112. Check battery, range and gateway.",
    ),
    "gateway/*": (
        "The gateway {subject} is not connected.",
        "None of its buttons work: use a telephone/112. Check its power and network.",
    ),
    "link/*": (
        "The button {subject} has a poor radio link.",
        "It may drop out. Move a gateway or repeater closer, and try the button.",
    ),
    "tamper/*": (
        "The button {subject} has been opened.",
        "Ask whether somebody changes the battery. If not: look after it, and try it.",
    ),
    "probe/*": (
        "The recipient {subject} does not answer when it is tried.",
        "An alarm may not reach it. Check address, password, provider and network.",
    ),
    "disk/*": (
        "The disk is almost full.",
        "Alarms are sent, but soon cannot be stored. Make room, or put in a larger card.",
    ),
    "temperature/*": (
        "The machine is too hot.",
        "It becomes slow and may stop. Give it air.",
    ),
    "memory/*": (
        "The machine has almost no memory left.",
        "Alarms may be late. See what else runs on it.",
    ),
    "power/*": (
        "The machine gets too little power.",
        "It may stop without warning. Change the power supply or its cable.",
    ),
    "site/*": (
        "The site {subject} is silent.",
        "Its buttons may not work: call the place, and check its machine, power and network.",
    ),
    "watch_me/*": (
        "The watcher {subject} gets no signs of life from the machine.",
        "Alarms are sent as before. Check the address in watch_me, the network and the watcher.",
    ),
    "metrics/*": (
        "The metrics on {subject} cannot be read.",
        "Alarms are sent as before. See what else listens there, or change metrics in the configuration.",
    ),
    "watching/*": (
        "The machine cannot follow other sites or Home Assistant ({subject}).",
        "Alarms are sent as before. Check the broker's access rules and the log.",
    ),
    "*": (
        "Fault in {kind}: {subject}.",
        "Alarms may be late or not come. See alarmbro status and the log.",
    ),
}
