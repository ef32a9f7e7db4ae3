"""What the file says about watching, against the rest of it; and its model. Any thread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import ip_address

from alarmbro.config.findings.look import Look
from alarmbro.config.schema.watching import SITE, HomeAssistantWords, MetricsWords, WatchMeWords
from alarmbro.config.syntax.yaml_positions import Scalar, find
from alarmbro.config.values.readers import WrongError, listen
from alarmbro.judgement.addressing.placeholders import render
from alarmbro.judgement.supervising.signs import address_of, kind_of
from alarmbro.model.configuration import HomeAssistant, Metrics, WatcherKind, WatchMe
from alarmbro.model.secret import Secret

SAID = ("feedback", "state", "event")  # below PREFIX/SITE/DEVICE/, by alarmbro itself


def home_assistant_of(words: HomeAssistantWords | bool | None) -> HomeAssistant | None:
    """Give what `home_assistant` says; None where it is left out. `false` takes back what stands at the broker."""
    if words is None:
        return None
    return HomeAssistant(wanted=words) if isinstance(words, bool) else HomeAssistant(words.discovery)


def watch_me_of(words: WatchMeWords | None, serve: Sequence[str]) -> WatchMe | None:
    """Give where signs of life go: one address, or one for each site that is served where it names the site."""
    if words is None:
        return None
    text = words.url.reveal()
    kind = WatcherKind(words.kind) if words.kind else kind_of(text)
    urls = dict.fromkeys(render(text, {SITE: site}) for site in serve)
    return WatchMe(tuple(Secret(address_of(kind, url)) for url in urls), kind, words.every)


def metrics_of(words: MetricsWords | None) -> Metrics | None:
    """Give where numbers are read; None where that is left out."""
    if words is None:
        return None
    host, _, port = words.listen.rpartition(":")
    return Metrics(host.strip("[]"), int(port))


def check_watching(look: Look) -> None:
    """Tell what is wrong or doubtful with watching."""
    if look.has("home_assistant") and not look.has("mqtt"):
        text = "Home Assistant hears by MQTT, but the file names no broker; write mqtt: {url: mqtts://HOST} at the top"
        look.report.error(look.key("home_assistant"), text)
    _one_sign_for_all(look)
    _own_echo(look)
    _metrics_outside(look)


def _metrics_outside(look: Look) -> None:
    """Numbers say when somebody called for help, and ask nobody for a password: others read them only on purpose."""
    _, outside, found = find(look.root, ("metrics", "outside"))
    on_purpose = found == 2 and isinstance(outside, Scalar) and outside.value is True  # noqa: PLR2004 - both keys
    for place, address in look.texts("metrics", "listen"):
        if _is_here(address):
            continue
        if on_purpose:
            text = "every machine that reaches this address can read when alarms came; let a firewall choose who may"
            look.report.warning(place, text)
        else:
            text = "other machines could read the metrics here; write 127.0.0.1:9480, or outside: true beside it"
            look.report.error(place, text)


def _is_here(address: str) -> bool:
    """Tell whether only this machine reaches an address; so does none that cannot be listened on."""
    try:
        host = listen(address).rpartition(":")[0].strip("[]")
    except WrongError:  # told by the check of the words
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a name
        return host.lower() == "localhost"


def _one_sign_for_all(look: Look) -> None:
    """Several machines that send the same sign of life hide each other's death."""
    _, node, found = find(look.root, ("watch_me", "url"))
    if found < 2 or not isinstance(node, Scalar) or node.secret or "{" in node.written:  # noqa: PLR2004 - both keys
        return
    if len(look.names("sites")) > 1:
        text = "every machine with this file sends this same sign, so a dead one is not missed"
        look.report.warning(node.place, f"{text}; write !secret NAME (each machine has its own), or {{site.id}} in it")


def _own_echo(look: Look) -> None:
    """Nothing that alarmbro itself publishes may count as a press: that would go round for ever."""
    said = list(_published(look))
    for site, _, device, words in look.devices():
        path = ("sites", site, "devices", device, "mqtt", "topic")
        for place, topic in look.texts(*path) if not isinstance(words.mqtt, bool) else ():
            if any(_matches(topic, each) for each in said):
                text = "alarmbro publishes here itself, and would take its own words for presses"
                look.report.error(place, f"{text}; name the device's own topic")


def _published(look: Look) -> Iterator[str]:
    prefix = look.parts.mqtt.prefix if look.parts.mqtt else "alarmbro"
    for site in look.names("sites"):
        yield f"{prefix}/{site}/status"
        yield f"{prefix}/{site}/alarm/{site}-1"
        for device in look.names("sites", site, "devices"):
            yield from (f"{prefix}/{site}/{device}/{tail}" for tail in SAID)


def _matches(pattern: str, topic: str) -> bool:
    """Tell whether a subscription gets what is published on a topic (MQTT 5, section 4.7)."""
    said = topic.split("/")
    for number, level in enumerate(pattern.split("/")):
        if level == "#":
            return True
        if number >= len(said) or level not in {"+", said[number]}:
            return False
    return pattern.count("/") == topic.count("/")
