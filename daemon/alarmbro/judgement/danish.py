"""The Danish words. Data only: the syntax is `judgement.template`'s, what each may name is in `judgement.texts`.

The first word says whether it is real, a test, a repeat, over or a fault (a locked telephone shows 30 to 40
characters); then number, time and place, before any instruction. "Ryk ikke ud" stands only in tests and false alarms.
"""

from __future__ import annotations

_DETAILS = (
    "\n\nSted: {site}\nAdresse: {address}\nKnap: {device}\nTrykket: {when}\nAntal tryk: {presses}"
    "\nAlarmens nummer: {alarm}\n\n"
)
_ANSWER = "Er du på vej, så svar her: {url}\n"
_POLICE = "Brug for politi? Ring 112."

TEXTS = {
    "alarm.short": "OVERFALDSALARM {alarm} kl. {time}: {site}, {device}. {instruction} {link}",
    "alarm.link": "Svar: {url}",
    "alarm.title": "OVERFALDSALARM: {site}, {device}",
    "alarm.body": "OVERFALDSALARM {alarm} kl. {time}: {site}, {device}.\n{instruction}" + _DETAILS + _ANSWER + _POLICE,
    "late.short": (
        "FORSINKET OVERFALDSALARM {alarm}: trykket kl. {time}, modtaget {late} senere. {site}, {device}. {link}"
    ),
    "late.link": "Svar: {url}",
    "late.title": "FORSINKET OVERFALDSALARM: {site}, {device}",
    "late.body": (
        "FORSINKET OVERFALDSALARM {alarm}: trykket kl. {time}, modtaget {late} senere. {site}, {device}.\n"
        "{instruction}\nDer kan stadig være fare: undersøg, om nogen har brug for hjælp."
        + _DETAILS + _ANSWER + _POLICE
    ),
    "pressed_again.short": (
        "TRYKKET IGEN kl. {now}: OVERFALDSALARM {alarm}, {site}, {device}. Alarmen er stadig aktiv. {link}"
    ),
    "pressed_again.link": "Svar: {url}",
    "pressed_again.title": "TRYKKET IGEN: {site}, {device}",
    "pressed_again.body": (
        "TRYKKET IGEN kl. {now}: OVERFALDSALARM {alarm}, {site}, {device}.\nAlarmen er stadig aktiv.\n{instruction}"
        + _DETAILS + _ANSWER + _POLICE
    ),
    "escalated.short": "INGEN HAR SVARET i {waited}: OVERFALDSALARM {alarm}, {site}, {device}, kl. {time}. {link}",
    "escalated.link": "Tag over: {url}",
    "escalated.title": "INGEN HAR SVARET: {site}, {device}",
    "escalated.body": (
        "INGEN HAR SVARET i {waited}: OVERFALDSALARM {alarm}, {site}, {device}, kl. {time}.\n{instruction}"
        + _DETAILS + "Du får besked, fordi ingen før dig har svaret. Undersøg, om nogen er på vej, eller tag over.\n"
        "Tag over her: {url}\n" + _POLICE
    ),
    "repeated.short": "GENTAGELSE {count}: OVERFALDSALARM {alarm}, {site}, {device}, kl. {time}. {state} {link}",
    "repeated.link": "Svar: {url}",
    "repeated.title": "GENTAGELSE {count}: OVERFALDSALARM {site}, {device}",
    "repeated.body": (
        "GENTAGELSE {count}: OVERFALDSALARM {alarm}, {site}, {device}, kl. {time}.\n{state}\n{instruction}"
        + _DETAILS + _ANSWER + _POLICE
    ),
    "no_one_told.short": "INGEN KUNNE NÅS: OVERFALDSALARM {alarm}, {site}, {device}, kl. {time}. Ring 112.",
    "no_one_told.title": "INGEN KUNNE NÅS: {site}, {device}. Ring 112",
    "no_one_told.body": (
        "INGEN KUNNE NÅS: OVERFALDSALARM {alarm}, {site}, {device}, kl. {time}.\n"
        "Ring 112 nu. Ingen modtager har fået besked om alarmen.\n{instruction}" + _DETAILS
    ),
    "acknowledged.short": (
        "PÅ VEJ: {who} har kvitteret for {alarm}, {site}, {device}, kl. {now}. Alarmen er stadig aktiv."
    ),
    "acknowledged.title": "PÅ VEJ: {site}, {device}",
    "acknowledged.body": (
        "PÅ VEJ: {who} har kvitteret for {alarm}, {site}, {device}, kl. {now}.\n"
        "Alarmen er stadig aktiv, indtil den bliver afsluttet.\n{instruction}" + _DETAILS + _POLICE
    ),
    "closed_real.short": (
        "AFSLUTTET {alarm} kl. {now}: {site}, {device}. Faren er ovre. Afsluttet af {who}. Husk opfølgning."
    ),
    "closed_real.title": "AFSLUTTET: {site}, {device}",
    "closed_real.body": (
        "AFSLUTTET {alarm} kl. {now}: {site}, {device}.\nFaren er ovre. Afsluttet af {who}.\n{note}" + _DETAILS
        + "Husk opfølgningen: lad ikke den ramte være alene, og følg beredskabsplanen."
    ),
    "closed_false_alarm.short": "FALSK ALARM {alarm}: {site}, {device}. Afblæst kl. {now} af {who}. Ryk ikke ud.",
    "closed_false_alarm.title": "FALSK ALARM: {site}, {device}",
    "closed_false_alarm.body": (
        "FALSK ALARM {alarm}: {site}, {device}.\nAfblæst kl. {now} af {who}. Ryk ikke ud.\n{note}" + _DETAILS
    ),
    "closed_test.short": (
        "TEST SLUT {alarm} kl. {now}: {site}, {device}. Det var kun en test, ryk ikke ud. Afsluttet af {who}."
    ),
    "closed_test.title": "TEST SLUT: {site}, {device}",
    "closed_test.body": (
        "TEST SLUT {alarm} kl. {now}: {site}, {device}.\nDet var kun en test, ryk ikke ud. Afsluttet af {who}.\n{note}"
        + _DETAILS
    ),
    "test_alarm.short": "TESTALARM {alarm} kl. {time}: {site}, {device}. Kun test, ryk IKKE ud. {link}",
    "test_alarm.link": "Bekræft modtagelsen: {url}",
    "test_alarm.title": "TESTALARM: {site}, {device}",
    "test_alarm.body": (
        "TESTALARM {alarm} kl. {time}: {site}, {device}.\nKun test, ryk IKKE ud." + _DETAILS
        + "Bekræft, at du har fået beskeden: {url}"
    ),
    "trial.short": "PRØVE kl. {now}: Prøvebesked fra overfaldsalarmen til {recipient}. Ryk ikke ud. {note}",
    "trial.title": "PRØVE af overfaldsalarmen",
    "trial.body": (
        "PRØVE kl. {now}: Prøvebesked fra overfaldsalarmen til {recipient}.\n"
        "Ryk ikke ud. Ingen har trykket på en alarmknap.\n\n{note}"
    ),
    "fault.short": "FEJL kl. {now}: {site}, {device}. {what} {do}",
    "fault.title": "FEJL i overfaldsalarmen: {site}, {device}. {what}",
    "fault.body": (
        "FEJL kl. {now}: {site}, {device}.\n{what}\n{do}\n\nBegyndte: {when}\nAlarmens nummer: {alarm}\n"
        "Til teknikeren: {detail}\n\nEr der fare, mens fejlen står på, så ring 112."
    ),
    "fault_cleared.short": "FEJL OPHØRT kl. {now}: {site}, {device}. Fejlen var: {what}",
    "fault_cleared.title": "FEJL OPHØRT: {site}, {device}. {what}",
    "fault_cleared.body": (
        "FEJL OPHØRT kl. {now}: {site}, {device}.\nFejlen var: {what}\n\nBegyndte: {when}\nTil teknikeren: {detail}"
    ),
    "state.nobody": "Ingen har meldt, at de er på vej.",
    "state.somebody": "{who} er på vej.",
    "who.unknown": "en kollega",
    "time.seconds": "{count} sek.",
    "time.minutes": "{count} min.",
    "time.hours": "{count} timer",
    "time.days": "{count} døgn",
    "time.unknown": "ukendt tid",
    "time.other_day": "{time} d. {date}",
    "time.both": "{date} kl. {time}",
}  # fmt: skip

FAULTS = {
    "mqtt/broker": (
        "Ingen forbindelse til MQTT-brokeren.",
        "Trådløse knapper virker ikke: brug telefon/112. Tjek netværk og broker.",
    ),
    "mqtt/client-id": (
        "To maskiner bruger samme MQTT-navn og afbryder hinanden.",
        "Stop den ene, eller ret serve, så hver maskine har sine egne steder.",
    ),
    "mqtt/handler": (
        "En besked fra MQTT kunne ikke behandles.",
        "Et tryk kan være gået tabt: prøv knappen, og se loggen.",
    ),
    "gpio/edges": (
        "Maskinen registrerer ikke længere tryk med det samme.",
        "Knapperne aflæses stadig, men langsommere. Genstart alarmbro.",
    ),
    "gpio/door": (
        "Et tryk på en kablet knap blev ikke modtaget.",
        "Spørg, om nogen har trykket. Se loggen, og genstart alarmbro.",
    ),
    "gpio/*": (
        "Knappen {subject} kan ikke aflæses.",
        "Den virker ikke: brug telefon/112. Tjek kablet og tilslutningen til GPIO.",
    ),
    "stuck/*": (
        "Knappen {subject} har været trykket ind længe.",
        "Den kan ikke give en ny alarm. Tjek, om den sidder fast, eller kablet er klemt.",
    ),
    "journal/write": (
        "Der kan ikke skrives i hændelsesloggen.",
        "Alarmer sendes stadig, men huskes ikke ved genstart. Tjek disk og plads.",
    ),
    "journal/stall": (
        "Det går for langsomt at skrive i hændelsesloggen.",
        "Alarmer sendes stadig. Tjek hukommelseskort eller disk.",
    ),
    "journal/replaced": (
        "Hændelsesloggen er skadet, flyttet eller byttet ud.",
        "En ny er begyndt. Gem den gamle, og find ud af hvem og hvorfor.",
    ),
    "target/*": (
        "Modtageren {subject} kan ikke nås.",
        "Der prøves igen. Tjek adresse og udbyder; giv modtageren besked på anden måde.",
    ),
    "target_stuck/*": (
        "Afsendelse til {subject} hænger.",
        "Andre modtagere får stadig besked. Tjek netværk og udbyder.",
    ),
    "listener/turn": (
        "Alarmbro løb ind i en fejl, mens den afgjorde, hvem der skal have besked.",
        "Alarmer kan være forsinkede. Se loggen, og giv IT-drift besked.",
    ),
    "listener/*": (
        "Alarmbro lytter ikke længere på {subject}.",
        "Knapper dér virker måske ikke: brug telefon/112. Genstart alarmbro.",
    ),
    "nobody_told/*": (
        "INGEN HAR FÅET BESKED OM ALARM {subject}.",
        "Ring 112, og gå til stedet med en kollega, hvis det er sikkert.",
    ),
    "unroutable/*": (
        "Alarmen {subject} kommer fra et sted, som ikke er i konfigurationen.",
        "Ring til stedet. Får du ikke fat i nogen, så ring 112. Ret derefter konfigurationen.",
    ),
    "clock/*": (
        "Maskinens ur går forkert eller er ikke stillet.",
        "Alarmer sendes stadig, men tidspunkter kan være forkerte. Tjek netværk og NTP.",
    ),
    "*": (
        "Fejl i {kind}: {subject}.",
        "Alarmer kan blive forsinket eller udeblive. Se `alarmbro status` og loggen.",
    ),
}
