"""The words of `status --watch`, Danish and English."""

from __future__ import annotations

DANISH = {
    "watch.silent": "INTET SVAR SIDEN {since}",
    "watch.never": "INTET SVAR ENDNU",
    "watch.old": "Det, der vises nedenfor, er fra da. Alarmer kan være kommet siden.",
    "watch.back": "Der er svar igen.",
    "watch.alarm": "ALARM {alarm}",
    "watch.received": "modtaget {received} ({ago} siden)   tryk: {presses}",
    "watch.told": "underrettet: {told}",
    "watch.more": "… og {lines} linjer til: gør vinduet højere, eller brug alarmbro status",
    "watch.no_rich": "Farver og opstilling kræver rich: pip install 'alarmbro[watch]'. Her er linjerne uden.",
}
ENGLISH = {
    "watch.silent": "NO ANSWER SINCE {since}",
    "watch.never": "NO ANSWER YET",
    "watch.old": "What is shown below is from then. Alarms may have come since.",
    "watch.back": "It answers again.",
    "watch.alarm": "ALARM {alarm}",
    "watch.received": "received {received} ({ago} ago)   presses: {presses}",
    "watch.told": "told: {told}",
    "watch.more": "… and {lines} more lines: make the window higher, or use alarmbro status",
    "watch.no_rich": "Colours and columns need rich: pip install 'alarmbro[watch]'. Here are the lines without.",
}
