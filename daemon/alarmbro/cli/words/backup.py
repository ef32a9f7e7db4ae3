"""The words of `journal backup` and `journal restore`, Danish and English."""

from __future__ import annotations

DANISH = {
    "backup.done": "Kopi af hændelsesloggen: {file} ({records} poster, seneste hash {head})",
    "backup.broken": "Hændelsesloggen er BRUDT: {problem}\nKopien ligger i {file}; ingen ældre kopi er fjernet.",
    "restore.done": "Hændelsesloggen er nu kopien {file} ({records} poster, seneste hash {head}).",
    "restore.aside": "Den forrige ligger i {file}; det, der er sket siden kopien, står kun dér.",
}
ENGLISH = {
    "backup.done": "Copy of the journal: {file} ({records} records, head {head})",
    "backup.broken": "The journal is NOT whole: {problem}\nThe copy is {file}; no older copy was removed.",
    "restore.done": "The journal is now the copy {file} ({records} records, head {head}).",
    "restore.aside": "The one before is {file}; what happened since the copy is only in there.",
}
