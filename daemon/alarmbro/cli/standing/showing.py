"""How things stand, in lines that people read: what `status` prints, and what `status --watch` is made of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from alarmbro.cli.testing.rounds import round_lines
from alarmbro.cli.words.answers import Words, seconds
from alarmbro.judgement.words.wording import fault_words


def status_lines(answer: dict[str, Any]) -> Iterator[str]:
    """Give what the daemon answered to `status`, in lines."""
    words, here = words_of(answer), partial(local, zone=answer["timezone"])
    sites = ", ".join(answer["sites"])
    yield words("status.head", version=answer["version"], started=here(answer["started"]), sites=sites)
    yield from round_lines(answer, words)
    yield words("status.alarms" if answer["alarms"] else "status.no_alarms")
    for alarm in answer["alarms"]:
        yield from _alarm_lines(words, alarm | {"received": here(alarm["received"])})
    yield words("status.faults" if answer["faults"] else "status.no_faults")
    for fault in answer["faults"]:
        yield words("status.fault", **(fault | {"since": here(fault["since"])})).rstrip()
        yield words("status.reason", reason=reason_of(fault["fault"], words))
    for site, connected in answer["mqtt"].items():
        yield words("status.mqtt", site=site, state=words("status.connected" if connected else "status.lost"))
    yield words("status.devices")
    for device in answer["devices"]:
        yield from _device_lines(words, device, here(device["last_press"]) if device["last_press"] else None)


def words_of(answer: dict[str, Any]) -> Words:
    """Give the words of the language that the daemon speaks."""
    return Words(answer.get("language", "da"))


def local(text: str, zone: str) -> str:
    """Give a time of the daemon's as people at the site write it."""
    return f"{datetime.fromisoformat(text).astimezone(ZoneInfo(zone)):%d.%m.%Y %H:%M:%S}"


def reason_of(reason: str, words: Words) -> str:
    """Give why a device is not well in plain words: a code, or what the fault of that name is."""
    kind, slash, subject = reason.partition("/")
    if not slash:
        return words(f"health.{kind}")
    what, do = fault_words(kind, subject, words.language)
    return f"{what} {do}"


def coming_lines(alarm: dict[str, Any], words: Words) -> Iterator[str]:
    """Say who is on the way, or that nobody could be told."""
    for each in alarm["acknowledged"]:
        time = words("ack.unknown") if each["after_ms"] is None else seconds(each["after_ms"] / 1000)
        yield words("status.coming", by=each["by"] or each["recipient"] or "?", time=time)
    if alarm["nobody_told"]:
        yield words("status.unheard")


def health_parts(device: dict[str, Any], words: Words) -> list[str]:
    """Give what is known of a device beside its colour: battery, test."""
    parts = [f"{device['battery']} %"] if device["battery"] is not None else []
    day = device["tested"]
    parts.append(words("status.tested", day=day[:10]) if day else words("status.untested"))
    return parts + ([words("status.under_test")] if device["under_test"] else [])


def printable(answer: Any) -> Any:
    """Give an answer in which no text can steer a terminal: names may have come in over MQTT."""
    if isinstance(answer, str):
        return "".join(sign if sign.isprintable() else "�" for sign in answer)
    if isinstance(answer, dict):
        return {printable(key): printable(value) for key, value in answer.items()}
    return [printable(each) for each in answer] if isinstance(answer, list) else answer


def _device_lines(words: Words, device: dict[str, Any], last: str | None) -> Iterator[str]:
    health = "  ".join([words(f"health.{device['health']}"), *health_parts(device, words)])
    path = f"{device['site']}/{device['device']}"
    last = last or words("status.never")
    yield words("status.device", path=path, name=device["name"], last_press=last, health=health)
    for reason in device["reasons"]:
        yield words("status.reason", reason=reason_of(reason, words))


def _alarm_lines(words: Words, alarm: dict[str, Any]) -> Iterator[str]:
    shown = alarm | {
        "device": f"{alarm['site']}/{alarm['device']}",
        "told": ", ".join(alarm["told"]) or "-",
        "state": words(f"status.{alarm['state']}"),
    }
    yield words("status.alarm", **shown)
    if alarm["level"] != "assault":
        yield words("status.level", level=alarm["level"])
    yield from coming_lines(alarm, words)
