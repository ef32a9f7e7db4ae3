"""The Danish words. Data only: the syntax is in `words.template`, what each may name in `words.texts`.

The first word says whether it is real, a test, a repeat, over or a fault (a locked telephone shows 30 to 40
characters); then number, time and place, before any instruction. "Ryk ikke ud" stands only in tests and false alarms.
"""

from __future__ import annotations

_DETAILS = (
    "\n\nSted: {site}\nAdresse: {address}\nKnap: {device}\nPosition: {position}\nTrykket: {when}\nAntal tryk: {presses}"
    "\nAlarmens nummer: {alarm}\n\n"
)
_ANSWER = "Er du på vej, så svar her: {url}\n"
_CALL = "{call}"

TEXTS = {
    "alarm.short": "{level} {alarm} kl. {time}: {site}, {device}. {plea} {instruction} {link}",
    "alarm.link": "Svar: {url}",
    "alarm.title": "{level}: {site}, {device}",
    "alarm.body": "{level} {alarm} kl. {time}: {site}, {device}.\n{plea}\n{instruction}" + _DETAILS + _ANSWER + _CALL,
    "late.short": (
        "FORSINKET {level} {alarm}: trykket kl. {time}, modtaget {late} senere. {site}, {device}. {link}"
    ),
    "late.link": "Svar: {url}",
    "late.title": "FORSINKET {level}: {site}, {device}",
    "late.body": (
        "FORSINKET {level} {alarm}: trykket kl. {time}, modtaget {late} senere. {site}, {device}.\n"
        "{instruction}\nDer kan stadig være fare: undersøg, om nogen har brug for hjælp."
        + _DETAILS + _ANSWER + _CALL
    ),
    "pressed_again.short": (
        "TRYKKET IGEN kl. {now}: {level} {alarm}, {site}, {device}. Alarmen er stadig aktiv. {link}"
    ),
    "pressed_again.link": "Svar: {url}",
    "pressed_again.title": "TRYKKET IGEN: {site}, {device}",
    "pressed_again.body": (
        "TRYKKET IGEN kl. {now}: {level} {alarm}, {site}, {device}.\nAlarmen er stadig aktiv.\n{instruction}"
        + _DETAILS + _ANSWER + _CALL
    ),
    "escalated.short": "INGEN HAR SVARET i {waited}: {level} {alarm}, {site}, {device}, kl. {time}. {link}",
    "escalated.link": "Tag over: {url}",
    "escalated.title": "INGEN HAR SVARET: {site}, {device}",
    "escalated.body": (
        "INGEN HAR SVARET i {waited}: {level} {alarm}, {site}, {device}, kl. {time}.\n{instruction}"
        + _DETAILS + "Du får besked, fordi ingen før dig har svaret. Undersøg, om nogen er på vej, eller tag over.\n"
        "Tag over her: {url}\n" + _CALL
    ),
    "repeated.short": "GENTAGELSE {count}: {level} {alarm}, {site}, {device}, kl. {time}. {state} {link}",
    "repeated.link": "Svar: {url}",
    "repeated.title": "GENTAGELSE {count}: {level} {site}, {device}",
    "repeated.body": (
        "GENTAGELSE {count}: {level} {alarm}, {site}, {device}, kl. {time}.\n{state}\n{instruction}"
        + _DETAILS + _ANSWER + _CALL
    ),
    "no_one_told.short": "INGEN KUNNE NÅS: {level} {alarm}, {site}, {device}, kl. {time}. Ring 112.",
    "no_one_told.title": "INGEN KUNNE NÅS: {site}, {device}. Ring 112",
    "no_one_told.body": (
        "INGEN KUNNE NÅS: {level} {alarm}, {site}, {device}, kl. {time}.\n"
        "Ring 112 nu. Ingen modtager har fået besked om alarmen.\n{instruction}" + _DETAILS
    ),
    "acknowledged.short": (
        "PÅ VEJ kl. {now}: {who} er på vej, {answered}. {level} {alarm}, {site}, {device}. Alarmen er stadig aktiv."
    ),
    "acknowledged.title": "PÅ VEJ: {who}. {site}, {device}",
    "acknowledged.body": (
        "PÅ VEJ kl. {now}: {who} er på vej, {answered}. {level} {alarm}, {site}, {device}.\n"
        "Alarmen er stadig aktiv, indtil den bliver afsluttet.\n{instruction}" + _DETAILS + _CALL
    ),
    "reminded.short": (
        "PÅMINDELSE kl. {now}: {level} {alarm} er stadig åben, {site}, {device}. {who} kvitterede for {waited} siden. "
        "Er faren ovre, så afslut den. {link}"
    ),
    "reminded.link": "Svar: {url}",
    "reminded.title": "PÅMINDELSE: {level} er stadig åben, {site}, {device}",
    "reminded.body": (
        "PÅMINDELSE kl. {now}: {level} {alarm} er stadig åben, {site}, {device}.\n"
        "{who} kvitterede for {waited} siden.\nEr faren ovre, så afslut alarmen. Er I der stadig, så kvittér igen. "
        "Ellers bliver alarmen rejst igen for alle.\nSvar her: {url}\n{testing}\n{instruction}" + _DETAILS + _CALL
    ),
    "lapsed.short": (
        "IKKE AFSLUTTET kl. {now}: {level} {alarm}, {site}, {device}. {who} kvitterede for {waited} siden. "
        "Undersøg det nu. {link}"
    ),
    "lapsed.link": "Svar: {url}",
    "lapsed.title": "IKKE AFSLUTTET: {level} {site}, {device}",
    "lapsed.body": (
        "IKKE AFSLUTTET kl. {now}: {level} {alarm}, {site}, {device}.\n"
        "{who} kvitterede for {waited} siden, men ingen har afsluttet alarmen. Undersøg det nu.\n{instruction}"
        + _DETAILS + _ANSWER + _CALL
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
    "aftercare.short": "OPFØLGNING efter {level} {alarm}, {site}, {device}, {when}.",
    "aftercare.title": "OPFØLGNING: {site}, {device}",
    "aftercare.body": "OPFØLGNING efter {level} {alarm}, {site}, {device}, {when}.\nAfsluttet af {who}.\n{note}",
    "several.short": "{count} ALARMER kl. {now}:",
    "several.title": "{count} ALARMER: {site}",
    "several.body": "{count} ALARMER kl. {now}. Hver af dem skal have hjælp:",
    "several.line": "{level} {alarm}: {site}, {device}, kl. {time}.",
    "test_alarm.short": "TESTALARM {alarm} kl. {time}: {site}, {device}. Kun test, ryk IKKE ud. {link}",
    "test_alarm.link": "Bekræft modtagelsen: {url}",
    "test_alarm.title": "TESTALARM: {site}, {device}",
    "test_alarm.body": (
        "TESTALARM {alarm} kl. {time}: {site}, {device}.\nKun test, ryk IKKE ud." + _DETAILS
        + "Bekræft, at du har fået beskeden: {url}"
    ),
    "test_started.short": (
        "TEST {alarm} kl. {time}-{until}: {site}. {who} prøver alarmerne. Kun det, der begynder med TEST, er test."
    ),
    "test_started.title": "TEST af alarmer: {site}, kl. {time}-{until}",
    "test_started.body": (
        "TEST {alarm} kl. {time}-{until}: {site}.\n{who} prøver alarmerne: {missing}.\n\n"
        "Beskeder, der begynder med TEST, er kun test. Enhver anden besked er alvor, også mens der prøves.\n"
        "Er der fare under testen, så tryk to gange, hold knappen inde i 3 sekunder, eller ring 112."
    ),
    "test_warning.short": "TEST {alarm} slutter kl. {until}: {site}. {result}",
    "test_warning.title": "TEST slutter kl. {until}: {site}",
    "test_warning.body": (
        "TEST {alarm} slutter kl. {until}: {site}.\n{result}\n\n"
        "Knapper, der ikke er prøvet til den tid, er ikke bestået."
    ),
    "test_ended.short": "TEST SLUT {alarm} kl. {now}: {site}. {result} Alle tryk er nu alvor.",
    "test_ended.title": "TEST SLUT: {site}. {result}",
    "test_ended.body": "TEST SLUT {alarm} kl. {now}: {site}.\n{result}\n\nAlle tryk er nu alvor.",
    "test_due.short": "PÅMINDELSE: {site}. {what} {detail}",
    "test_due.title": "PÅMINDELSE: alarmer skal prøves, {site}",
    "test_due.body": "PÅMINDELSE: {site}.\n{what}\n{do}\n\nSidst prøvet: {detail}",
    "trial.short": "PRØVE kl. {now}: Prøvebesked fra overfaldsalarmen til {recipient}. Ryk ikke ud. {note}",
    "trial.title": "PRØVE af overfaldsalarmen",
    "trial.body": (
        "PRØVE kl. {now}: Prøvebesked fra overfaldsalarmen til {recipient}.\n"
        "Ryk ikke ud. Ingen har trykket på en alarmknap.\n\n{note}"
    ),
    "fault.short": "FEJL kl. {now}: {site}, {device}. {what} {do}",
    "fault.title": "FEJL i overfaldsalarmen: {site}, {device}. {what}",
    "fault.body": (
        "FEJL kl. {now}: {site}, {device}.\n{what}\n{do}\n{testing}\n\nBegyndte: {when}\nAlarmens nummer: {alarm}\n"
        "Til teknikeren: {detail}\n\nEr der fare, mens fejlen står på, så ring 112."
    ),
    "fault_cleared.short": "FEJL OPHØRT kl. {now}: {site}, {device}. Fejlen var: {what}",
    "fault_cleared.title": "FEJL OPHØRT: {site}, {device}. {what}",
    "fault_cleared.body": (
        "FEJL OPHØRT kl. {now}: {site}, {device}.\nFejlen var: {what}\n\nBegyndte: {when}\nTil teknikeren: {detail}"
    ),
    "level.assault": "OVERFALDSALARM",
    "level.help": "HJÆLPEKALD",
    "level.medical": "SYGDOMSALARM",
    "plea.assault": "",
    "plea.help": "En kollega beder om hjælp.",
    "plea.medical": "Nogen er akut syg eller kommet til skade.",
    "call.assault": "Brug for politi? Ring 112.",
    "call.help": "Bliver det farligt, så ring 112.",
    "call.medical": "Er der fare for liv, så ring 112.",
    "answered.seconds": "{count} s",
    "answered.minutes": "{count} min",
    "answered.hours": "{count} t",
    "result.all": "Alle {count} knapper er bestået.",
    "result.some": "{passed} af {count} bestået. Mangler: {missing}.",
    "testing.some": "TEST I GANG til kl. {until}: {testing}.",
    "state.nobody": "Ingen har meldt, at de er på vej.",
    "state.somebody": "{who} er på vej.",
    "who.unknown": "en kollega",
    "time.seconds": "{count} sek.",
    "time.minutes": "{count} min.",
    "time.hours": "{count} timer",
    "time.days": "{count} døgn",
    "time.unknown": "ukendt tid",
    "time.other_day": "{time} d. {date}",
    "position.found": "{map} (fundet kl. {time}, {age} gammel)",
    "position.unknown": "{map} (ukendt alder: måske et gammelt sted)",
    "time.both": "{date} kl. {time}",
}  # fmt: skip
