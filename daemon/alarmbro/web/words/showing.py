"""From what the daemon says (codes, ids, times) to what a page shows (words). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from alarmbro.judgement.words.wording import fault_words
from alarmbro.model.configuration import Configuration
from alarmbro.web.words.wording import Words

Row = dict[str, Any]


def site_name(configuration: Configuration, site: str) -> str:
    """Give what people call a site."""
    known = configuration.sites.get(site)
    return known.name if known else site


def device_name(configuration: Configuration, site: str, device: str) -> str:
    """Give what people call a device."""
    known = configuration.device(site, device)
    return known.name if known else device


def person(configuration: Configuration, recipient: str) -> str:
    """Give what people call a recipient."""
    known = configuration.recipients.get(recipient)
    return known.name if known else recipient


def people(configuration: Configuration, recipients: Iterable[str]) -> str:
    """Name recipients, with commas."""
    return ", ".join(person(configuration, each) for each in recipients)


def alarms_of(rows: Iterable[Row], configuration: Configuration, words: Words) -> list[Row]:
    """Give the open alarms: those that nobody has answered first, then the latest."""
    shown = [alarm_of(row, configuration, words) for row in rows]
    newest = sorted(shown, key=lambda each: each["received"], reverse=True)
    return sorted(newest, key=lambda each: each["state"] != "raised")


def alarm_of(row: Mapping[str, Any], configuration: Configuration, words: Words) -> Row:
    """Give one open alarm."""
    coming = [
        words("alarm.coming_after", who=each["by"] or words("somebody"), after=words.after(each["after_ms"]))
        for each in row["acknowledged"]
    ]
    place = configuration.sites.get(row["site"])
    return {
        "id": row["alarm"],
        "site": site_name(configuration, row["site"]),
        "address": place.address if place else "",
        "device": device_name(configuration, row["site"], row["device"]),
        "level": words.of("level", row["level"]),
        "state": row["state"],
        "state_words": words.of("alarm", row["state"]),
        "received": row["received"],
        "time": words.time(row["received"]),
        "presses": row["presses"],
        "coming": list(dict.fromkeys(coming)),
        "told": people(configuration, row["told"]),
        "nobody_told": row["nobody_told"],
    }


def faults_of(rows: Iterable[Row], configuration: Configuration, words: Words) -> list[Row]:
    """Give the faults in plain words, each with what to do."""
    shown = []
    for row in rows:
        what, do = fault_words(row["kind"], row["subject"], words.language)
        shown.append({
            "what": what, "do": do, "since": words.time(row["since"]), "detail": row["detail"],
            "told": people(configuration, row["told"]),
        })  # fmt: skip
    return shown


def devices_of(rows: Iterable[Row], configuration: Configuration, words: Words) -> list[Row]:
    """Give the sites, each with its devices as they are."""
    sites: dict[str, Row] = {}
    for row in rows:
        site = sites.setdefault(
            row["site"], {"id": row["site"], "name": site_name(configuration, row["site"]), "devices": []}
        )
        site["devices"].append(_device(row, words))
    return list(sites.values())


def _device(row: Row, words: Words) -> Row:
    return {
        "id": row["device"],
        "path": f"{row['site']}/{row['device']}",
        "name": row["name"],
        "health": row["health"],
        "health_words": words.of("health", row["health"]),
        "reasons": [_reason(each, words) for each in row["reasons"]],
        "last_press": words.time(row["last_press"]) if row["last_press"] else words("device.never"),
        "tested": words.day(row["tested"]) if row["tested"] else words("device.untested"),
        "battery": row["battery"],
        "in_alarm": row["alarm"],
        "under_test": row["under_test"],
    }


def _reason(reason: str, words: Words) -> str:
    kind, fault, subject = reason.partition("/")
    return fault_words(kind, subject, words.language)[0] if fault else words.of("reason", reason)


def rounds_of(rows: Iterable[Row], configuration: Configuration, words: Words) -> list[Row]:
    """Give the test rounds that run, each device of them with how it stands."""
    return [
        {
            "id": row["round"],
            "site": row["site"],
            "name": site_name(configuration, row["site"]),
            "by": row["by"],
            "until": words.time(row["until"]),
            "paused": row["paused"],
            "under_test": len(row["under_test"]),
            "passed": row["passed"],
            "total": len(row["devices"]),
            "missing": [device_name(configuration, row["site"], each) for each in row["missing"]],
            "devices": [_tried(each, row["site"], configuration, words) for each in row["devices"]],
        }
        for row in rows
    ]


def _tried(row: Row, site: str, configuration: Configuration, words: Words) -> Row:
    reached = [
        words("test.reached", name=person(configuration, name), after=words.after(ms))
        for name, ms in row["reached"].items()
    ]
    return {
        "name": device_name(configuration, site, row["device"]),
        "state": row["state"],
        "mark": words.of("mark", row["state"]),
        "words": words.of("standing", row["state"]),
        "why": words.of("why", row["reason"]) if row["reason"] else "",
        "reached": reached,
    }
