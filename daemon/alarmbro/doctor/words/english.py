"""The doctor's words in English. Data only: by code, what was found, and what to do about it."""

from __future__ import annotations

CHECKS = {
    "configuration": "configuration", "daemon": "alarmbro", "gpio": "GPIO", "broker": "broker", "target": "recipient",
    "clock": "clock", "timezone": "time zone", "disk": "disk", "wear": "wear", "memory": "memory",
    "temperature": "temperature", "power": "power", "versions": "versions", "journal": "journal",
    "service": "service", "rights": "rights",
}  # fmt: skip
STATES = {"ok": "OK", "warning": "WARNING", "failed": "FAILED"}
LINE = "{state}  {check}{subject}: {text}"
DO = "{text} Do: {do}"
TOTAL = "{failed} failed, {warning} warnings, {ok} ok."
WORDS = {
    "doctor.hangs": ("No answer within {seconds} s: it hangs.", "look at the disk, the network and the name server."),
    "doctor.no_thread": ("The machine has no thread left.", "see what else runs on it, and restart it."),
    "doctor.stumbled": ("The doctor met a fault of its own ({where}).", "tell those who make alarmbro."),
    "configuration.right": ("{path} is right: sites {sites}, {devices} buttons.", ""),
    "configuration.wrong": (
        "{path} cannot be used; so pins, broker and recipients were not tried.", "mend what stands below.",
    ),
    "configuration.finding": ("{text}", ""),
    "configuration.barred": (
        "{user} may not read {path}; so not everything was tried.",
        "run it as the service's user: sudo -u alarmbro alarmbro doctor",
    ),
    "daemon.answers": ("alarmbro {version} answers: {devices} buttons, {alarms} open alarms.", ""),
    "daemon.older": (
        "The one that runs is version {theirs}; {ours} is installed.", "restart it: systemctl restart alarmbro",
    ),
    "daemon.unlinked": ("No connection to the broker for {site}.", "see the lines on the broker."),
    "daemon.test": ("{site} is under test until {until}: a single press is not real.", "alarmbro test finish"),
    "daemon.barred": ("{user} may not ask alarmbro in {folder}.", "use sudo, or put the user into group alarmbro."),
    "daemon.silent": (
        "alarmbro is there, but does not answer ({error}).", "see its log: journalctl -u alarmbro; restart it.",
    ),
    "daemon.away": (
        "alarmbro does not run (in {folder}): NO BUTTON RAISES AN ALARM.", "systemctl start alarmbro, or --run-dir.",
    ),
    "gpio.none_wired": ("No wired buttons on this machine.", ""),
    "gpio.mock": (
        "gpio is set to mock: wired buttons do not work.", "write gpio: {{factory: lgpio}} on a real machine.",
    ),
    "gpio.no_chip": (
        "The machine has no GPIO chip (/dev/gpiochip*), but the configuration has wired buttons.",
        "use a Raspberry Pi, or mend serve.",
    ),
    "gpio.no_chip_perhaps": ("The machine has no GPIO chip (/dev/gpiochip*).", "is it to have wired buttons?"),
    "gpio.open": ("{path} can be opened by the service (group {group}).", ""),
    "gpio.service_barred": (
        "The service's user {service} may not open {path} (group {group}).",
        "usermod --append --groups {group} {service}, and restart alarmbro.",
    ),
    "gpio.barred": ("{user} may not open {path} (group {group}).", "put the user into group {group}."),
    "gpio.not_tried": ("The pins were not tried: {user} may not open the chip.", "sudo alarmbro doctor"),
    "gpio.folder": ("lgpio can use {folder}.", ""),
    "gpio.folder_later": ("{folder} is not there yet; it is made when alarmbro starts.", ""),
    "gpio.folder_missing": (
        "LG_WD is {folder}, which is not there: lgpio cannot start.", "make the folder, or mend LG_WD.",
    ),
    "gpio.folder_closed": (
        "lgpio cannot write in {folder}, and so cannot start.", "give the service's user the right, or mend LG_WD.",
    ),
    "gpio.lgpio_works": ("lgpio works on {board}.", ""),
    "gpio.lgpio_fails": ("lgpio cannot be used: {error}", "do what the text says; until then no wired button works."),
    "gpio.held": ("Pin {pin} is held by alarmbro.", ""),
    "gpio.untold": ("Pin {pin} was not tried: alarmbro runs, but could not be asked.", "see the line on alarmbro."),
    "gpio.newer": ("The alarmbro that runs does not know pin {pin}.", "alarmbro reload"),
    "gpio.unread": (
        "alarmbro cannot read pin {pin}.", "the button does not work: look at cable and pin, and at the log.",
    ),
    "gpio.taken": ("Pin {pin} is used by another program ({holder}).", "stop it, or use another pin."),
    "gpio.fails": (
        "Pin {pin} cannot be read ({error}).", "check its number, and whether 1-Wire, SPI or UART uses it.",
    ),
    "gpio.free": ("Pin {pin} (an output) is free; it was not tried.", ""),
    "gpio.rests": ("Pin {pin} can be read, and the contact is at rest.", ""),
    "gpio.pressed": (
        "Pin {pin} can be read, but the contact stands as pressed.",
        "see whether the button is stuck, or its cable damaged.",
    ),
    "broker.line": (
        "{address} cannot be reached: {reason} ({detail}).", "check address, network, firewall and certificate.",
    ),
    "broker.in": ("{address} lets us in as {user}.", ""),
    "broker.denied": ("The broker refuses {user} ({said}).", "mend mqtt.url or the password."),
    "broker.refused": ("The broker does not take us ({said}).", "see the broker's log."),
    "broker.no_answer": ("The broker does not answer to the subscriptions for {site}.", "see the broker's log."),
    "broker.unsubscribed": (
        "The broker refuses for {site}: {topics}", "let the user read these topics in the broker's access rules.",
    ),
    "broker.one_name": (
        "The broker gives all connections of {user} one name: they throw each other out.",
        "use a listener without use_username_as_clientid.",
    ),
    "broker.heard": ("{site}: {number} subscriptions are granted, and the site's topics can be read.", ""),
    "broker.taken": ("{site}: {number} subscriptions are granted, and the site's topics can be written.", ""),
    "broker.closed": (
        "{site}: the broker lets us neither write nor read below the site's topics, though it grants all.",
        "give the user the site's topics in the broker's access rules.",
    ),
    "broker.unheard": (
        "{site}: the subscriptions are granted, but whether the broker delivers could not be seen.",
        "press a button in a test: alarmbro test start {site}",
    ),
    "broker.name_free": ("Nobody else says to be {name}.", ""),
    "broker.name_ours": ("{name} is this machine's connection.", ""),
    "broker.name_taken": (
        "Another machine says that it runs {site}; two by the name {name} throw each other out.",
        "mend serve, so that each site has one machine. If alarmbro here has just ended, try again in a minute.",
    ),
    "certificate.holds": (
        "The certificate holds for {days} more days (until {ends}).",
        "renew it, and see why that does not happen alone.",
    ),
    "certificate.over": ("The certificate ended on {ends}.", "renew it."),
    "target.proved": ("answers, and the log-in is right.", ""),
    "target.reached": ("answers; the log-in can only be tried by sending (alarmbro send {recipient}).", ""),
    "target.not_tried": ("cannot be tried without sending.", "alarmbro send {recipient}"),
    "target.no_way": ("cannot be reached: {reason} ({detail}).", "check name, name server and network."),
    "target.tls": ("TLS does not work: {detail}.", "check the certificate there, the clock here and ca-certificates."),
    "target.denied": ("refuses the log-in: {reason} ({detail}).", "mend the password or key in the secret."),
    "target.fails": ("does not answer as it should: {reason} ({detail}).", "check address and provider."),
    "target.unverified": (
        "The certificate is not checked (verify=no).", "take verify=no away, and give the server a certificate.",
    ),
    "target.proxy": (
        "{names} are set here; recipients are not tried by a proxy, and the service uses none.",
        "try without: env -u https_proxy -u http_proxy -u all_proxy -u HTTPS_PROXY -u HTTP_PROXY -u ALL_PROXY …",
    ),
    "clock.right": ("The clock is kept right.", ""),
    "clock.adrift": ("Nobody keeps the machine's clock right.", "check network and NTP: timedatectl"),
    "timezone.same": ("{zone}, like the machine's own.", ""),
    "timezone.other": ("Messages follow {zone}; the machine's own clock shows UTC{hours}.", ""),
    "timezone.unknown": ("The machine does not know {zone}.", "apt install tzdata, or mend timezone."),
    "machine.unmeasured": ("is not measured on this machine.", ""),
    "memory.free": ("{share} is free.", "see what else runs on the machine."),
    "memory.low": ("Only {share} is free.", "see what else runs on the machine."),
    "temperature.is": ("{celsius} °C.", "let air to the machine."),
    "temperature.hot": ("{celsius} °C: it becomes slow and may stop.", "let air to the machine."),
    "power.enough": ("The power supply is good, and has been since the start.", ""),
    "power.undervoltage": ("The machine gets too little power right now.", "change its power supply or cable."),
    "power.capped": ("The machine is held back in speed right now.", "change its power supply, and let air to it."),
    "power.throttled": ("The machine throttles itself right now.", "change its power supply, and let air to it."),
    "power.soft": ("The machine is so warm that it goes slower right now.", "let air to it."),
    "power.undervoltage_was": ("It has had too little power since it started.", "change its power supply or cable."),
    "power.capped_was": ("It has been held back in speed since it started.", "change its power supply; air."),
    "power.throttled_was": ("It has throttled itself since it started.", "change its power supply; let air to it."),
    "power.soft_was": ("It has been too warm since it started.", "let air to it."),
    "disk.room": ("{megabytes} MB free in {folder}.", ""),
    "disk.filling": ("Only {megabytes} MB free in {folder} (room for {files} files).", "tidy up before it is full."),
    "disk.full": ("Only {megabytes} MB free in {folder} (room for {files} files).", "tidy up, or take a larger card."),
    "disk.unknown": ("{folder} cannot be measured.", "is it there? It is made when alarmbro starts."),
    "disk.read_only": ("{folder} lies on a disk that cannot be written.", "look at the card (dmesg), and restart."),
    "disk.forgets": (
        "{folder} lies on {kind}: the journal is gone after a restart.", "put the folder on the card or disk.",
    ),
    "wear.errors": (
        "The file system below {folder} has counted {errors} errors.", "save the journal; change the card.",
    ),
    "wear.untold": ("{name} ({kind}, of {made}) says nothing of its wear.", ""),
    "wear.fine": ("{name} ({kind}, of {made}) has used up to {share} of its life.", ""),
    "wear.worn": ("{name} ({kind}, of {made}) has used up to {share} of its life.", "plan to change it."),
    "wear.over": ("{name} ({kind}, of {made}) is at the end of its life.", "save the journal, and change it now."),
    "versions.are": ("{parts}.", ""),
    "versions.missing": (
        "{name} is not installed.", "install {name} {floor} or newer; for lgpio: apt install python3-lgpio",
    ),
    "versions.old": ("{name} {version} is too old.", "install {name} {floor} or newer."),
    "journal.current": ("{path} has this program's format ({version}).", ""),
    "journal.older": ("{path} has format {version}; it becomes {ours} when alarmbro starts.", ""),
    "journal.newer": ("{path} has format {version}, this program knows {ours}.", "install the newer alarmbro again."),
    "journal.unreadable": ("{path} cannot be read: {error}", "alarmbro journal verify"),
    "journal.barred": ("{path} may not be read by this user.", "sudo -u alarmbro alarmbro doctor"),
    "service.no_systemd": (
        "systemd does not run this machine, or does not answer.", "see to it yourself that alarmbro starts again.",
    ),
    "service.as": ("Tried with the rights of the service: as user {user}.", ""),
    "service.absent": ("{unit} is not installed.", "sudo make install, or the package alarmbro."),
    "service.unloadable": ("systemd cannot read {unit} ({state}).", "systemctl status {unit}"),
    "service.changed": ("{unit} has changed on the disk.", "systemctl daemon-reload"),
    "service.disabled": ("{unit} does not start with the machine.", "systemctl enable {unit}"),
    "service.inactive": ("{unit} does not run ({state}, {sub}).", "systemctl status {unit}; systemctl start {unit}"),
    "service.restarted": ("{unit} runs, but was restarted {times} times.", "see its log: journalctl -u {unit}"),
    "service.runs": ("{unit} runs and starts with the machine.", ""),
    "service.shut_in": ("The service is well shut in: {exposure} of 10 (at most {limit}).", ""),
    "service.exposed": (
        "The service may do too much: {exposure} of 10 (at most {limit}).", "see drop-ins: systemctl cat alarmbro",
    ),
    "service.security_unknown": (
        "systemd says nothing of the service's security.", "systemd-analyze security alarmbro",
    ),
    "rights.right": ("{mode}, owned by {owner}.", ""),
    "rights.secrets_open": ("{path} can be read by others ({mode}).", "chmod {wanted} {path}"),
    "rights.writable": ("Everybody on the machine can change {path} ({mode}).", "chmod {wanted} {path}"),
    "rights.readable": (
        "Everybody on the machine can read {path} ({mode}); it has names in it.", "chmod {wanted} {path}",
    ),
    "rights.barred": (
        "{service} cannot use {path} ({mode}, owned by {owner}).",
        "run it as the service's user: sudo -u alarmbro alarmbro doctor",
    ),
    "rights.unusable": ("{service} cannot use {path} ({mode}, owned by {owner}).", "chown {service} {path}"),
}  # fmt: skip
