"""`gatewayapi://TOKEN@SENDER/NUMBER/NUMBER…`: SMS through GatewayAPI, as an Apprise plugin.

`region=eu` is for accounts of gatewayapi.eu. `encoding=auto` (the default) sends UCS-2 only where a text needs it.
`host=` and `port=` lead elsewhere: by TLS, but in the clear to this machine itself. `postpaid=yes`: an account without
credit is well. Other users of Apprise write `to=`, `from=` and `token=` where they like that better.

Promises: True means that GatewayAPI took the message for every number, and not that any phone has got it: a phone that
is off gets it later, or never. The token is in no log, no error and no `repr`. After a message that was not taken,
`result` says why.
Any thread, one message at a time for each object. Blocks for as long as `cto` and `rto` allow.

Source: the REST API's documentation (github.com/onlinecity/gatewayapi-docs: rest.rst, errors.rst).
"""

from __future__ import annotations

import ipaddress
import re
from typing import Any, ClassVar

import requests
from apprise import NotifyType
from apprise.exception import AppriseImproperlyConfigured
from apprise.locale import gettext_lazy as _
from apprise.plugins.base import NotifyBase
from apprise.url import PrivacyMode

from alarmbro.delivery.plugins.gatewayapi_answers import is_of_one, of_account, of_message
from alarmbro.delivery.reasons import of_surprise
from alarmbro.judgement.words.gsm7 import LINKED, LINKED_UCS2, septets
from alarmbro.model.delivery import Occasion, Outcome, Result

HOSTS = {"com": "gatewayapi.com", "eu": "gatewayapi.eu"}
API_NAME = {"gsm7": "UTF8", "ucs2": "UCS2"}  # the API's words: what it is to make of our UTF-8
TOKEN = re.compile(r"[\x21-\x7e]+")
NAME = re.compile(r"[A-Za-z0-9 .&_-]{1,11}")
DIGITS = re.compile(r"[0-9]{3,15}")
NUMBER = re.compile(r"[1-9][0-9]{8,14}")  # with its country code; a Danish one without has eight digits
BETWEEN_DIGITS = re.compile(r"[\s().-]")
PARTS = 10  # SMS that one message may become
LARGEST_PORT = 65535

OURS = ("region", "encoding", "host", "port", "postpaid")
ALIASES = {"to": "targets", "from": "sender", "token": "token"}


class NotifyGatewayAPI(NotifyBase):  # type: ignore[misc]  # Apprise ships no types
    """SMS through GatewayAPI."""

    service_name = "GatewayAPI"
    service_url = "https://gatewayapi.com/"
    setup_url = "https://gatewayapi.com/docs/"
    protocol = "gatewayapi"
    category = "custom"
    request_rate_per_sec = 0
    title_maxlen = 0
    body_maxlen = PARTS * LINKED
    storage_mode = "memory"

    occasion: Occasion | None = None
    result: Result | None = None

    templates = ("{schema}://{token}@{sender}/{targets}",)
    template_tokens: ClassVar[dict[str, Any]] = {
        **NotifyBase.template_tokens,
        "token": {"name": _("API Token"), "type": "string", "private": True, "required": True},
        "sender": {"name": _("Sender"), "type": "string", "required": True},
        "target_phone": {"name": _("Phone Number"), "type": "string", "prefix": "+", "map_to": "targets"},
        "targets": {"name": _("Phone Numbers"), "type": "list:string", "required": True},
    }
    template_args: ClassVar[dict[str, Any]] = {
        **NotifyBase.template_args,
        "to": {"alias_of": "targets"},
        "from": {"alias_of": "sender"},
        "token": {"alias_of": "token"},
        "region": {"name": _("Region"), "type": "choice:string", "values": tuple(HOSTS), "default": "com"},
        "encoding": {
            "name": _("Encoding"), "type": "choice:string", "values": ("auto", *API_NAME), "default": "auto",
        },
        "host": {"name": _("Another host"), "type": "string"},
        "port": {"name": _("Another port"), "type": "int", "min": 1, "max": LARGEST_PORT},
        "postpaid": {"name": _("Credit may be used up"), "type": "bool", "default": False},
    }  # fmt: skip

    def __init__(
        self, token: str | None = None, sender: str | None = None, targets: Any = None, **settings: Any
    ) -> None:
        given = {name: str(settings.pop(name)) for name in OURS if settings.get(name) not in (None, "")}
        unknown = settings.pop("unknown", False)
        super().__init__(**{**settings, "host": "", "port": None})
        if unknown:
            raise _wrong(f"it has an argument that is not known; there are {', '.join((*OURS, *ALIASES))}")
        if not token or not TOKEN.fullmatch(token):
            raise _wrong("the API token, before the @, is missing or has a sign that none has")
        self.token = token
        self.sender = _sender(sender or "")
        self.numbers = _numbers(targets)
        self.region = _one_of("region", given.get("region", "com"), tuple(HOSTS))
        self.encoding = _one_of("encoding", given.get("encoding", "auto"), ("auto", *API_NAME))
        self.other_host = given.get("host", "").strip("[]")
        self.other_port = _port(given.get("port"))
        self.postpaid = given.get("postpaid", "").lower() in ("yes", "true", "1", "on")
        if self.encoding == "ucs2":
            self.body_maxlen = PARTS * LINKED_UCS2

    def __len__(self) -> int:
        return len(self.numbers)

    @classmethod
    def runtime_deps(cls) -> tuple[str, ...]:
        """Name what Apprise may drop from memory where the plugin is not used: nothing, all others need it, too."""
        return ()

    def send(self, body: str, title: str = "", notify_type: NotifyType = NotifyType.INFO, **_more: Any) -> bool:
        """Hand a text over for all numbers at once; where one number is refused, for each by itself."""
        del notify_type
        text = f"{title}\n{body}" if title else body
        self.result, of_one = self._post(text, self.numbers)
        if of_one and len(self.numbers) > 1:
            self.result = self._post_each(text)
        return self.result.outcome is Outcome.OK

    def probe(self) -> Result:
        """Ask for the account: proves the way, the token, and that there is credit. No phone hears of it."""
        try:
            with requests.Session() as line:  # of its own: it shares nothing with a message
                answer = line.get(
                    f"{self._base()}/rest/me", auth=(self.token, ""), timeout=self.request_timeout,
                    verify=self.verify_certificate, allow_redirects=self.redirects,
                )  # fmt: skip
        except requests.RequestException as error:
            return of_surprise(error)
        return of_account(answer, postpaid=self.postpaid)

    def url(self, privacy: bool = False, *args: Any, **settings: Any) -> str:
        """Give the URL that makes this again; with `privacy` without the token."""
        arguments = {**self.url_parameters(*args, privacy=privacy, **settings)}
        shown: dict[str, Any] = {"host": self.other_host, "port": self.other_port}
        shown |= {"region": self.region if self.region != "com" else ""}
        shown |= {"encoding": self.encoding if self.encoding != "auto" else "", "postpaid": "yes" * self.postpaid}
        arguments |= {name: str(value) for name, value in shown.items() if value}
        token = self.pprint(self.token, privacy, mode=PrivacyMode.Secret, safe="")
        sender, numbers = self.quote(self.sender, safe=""), "/".join(self.numbers)
        return f"gatewayapi://{token}@{sender}/{numbers}/?{self.urlencode(arguments)}"

    @property
    def url_identifier(self) -> tuple[Any, ...]:
        """Give what tells this from others."""
        return ("gatewayapi", self.token, self.sender, self.region, self.other_host, self.other_port)

    @staticmethod
    def parse_url(url: str) -> dict[str, Any] | None:
        """Take a URL apart; None where it is none."""
        results: dict[str, Any] | None = NotifyBase.parse_url(url, verify_host=False)
        if not results:
            return results
        asked = results["qsd"]
        unquote = NotifyGatewayAPI.unquote
        results["token"] = unquote(asked.get("token") or results["user"] or "")
        results["sender"] = unquote(asked.get("from") or results["host"] or "")
        results["targets"] = NotifyGatewayAPI.split_path(results["fullpath"])
        results["targets"] += [each for each in re.split("[,;]", unquote(asked.get("to") or "")) if each.strip()]
        for name in ("user", "password", "host", "port", "fullpath"):
            results.pop(name, None)
        results |= {name: unquote(asked[name]) for name in OURS if name in asked}
        # With a region that is mistyped the token would go to where it does not belong.
        results["unknown"] = not asked.keys() <= NotifyGatewayAPI.template_args.keys()
        return results

    def _post(self, text: str, numbers: tuple[str, ...]) -> tuple[Result, bool]:
        """Hand over one message; give how it went, and whether it failed for one of its numbers, or may have."""
        words: dict[str, Any] = {
            "sender": self.sender,
            "message": text,
            "encoding": API_NAME[self._encoding_of(text)],
            "recipients": [{"msisdn": int(number)} for number in numbers],
        }
        try:
            answer = requests.post(
                f"{self._base()}/rest/mtsms", json=words, auth=(self.token, ""), timeout=self.request_timeout,
                verify=self.verify_certificate, allow_redirects=self.redirects,
            )  # fmt: skip
        except requests.RequestException as error:
            return of_surprise(error), False
        result = of_message(answer)
        return result, result.outcome is Outcome.FAILED and is_of_one(answer)

    def _post_each(self, text: str) -> Result:
        """Hand it over for each number by itself, so that one that is refused stops no other; give the worst."""
        results = [self._post(text, (number,))[0] for number in self.numbers]
        return next((result for result in results if result.outcome is not Outcome.OK), results[0])

    def _encoding_of(self, text: str) -> str:
        if self.encoding != "auto":
            return self.encoding
        return "gsm7" if septets(text) is not None else "ucs2"

    def _base(self) -> str:
        host = self.other_host or HOSTS[self.region]
        name = f"[{host}]" if ":" in host else host
        port = f":{self.other_port}" if self.other_port else ""
        return f"http{'' if _is_here(host) else 's'}://{name}{port}"


def _wrong(text: str) -> AppriseImproperlyConfigured:
    return AppriseImproperlyConfigured(text)


def _sender(text: str) -> str:
    digits = BETWEEN_DIGITS.sub("", text).removeprefix("+")
    if digits.isdigit():
        if not DIGITS.fullmatch(digits):
            raise _wrong("a sender of digits has 3 to 15 of them")
        return digits
    if not NAME.fullmatch(text):
        raise _wrong("the sender, after the @, has up to 11 letters or digits (no æ, ø, å), or is a number")
    return text


def _numbers(targets: Any) -> tuple[str, ...]:
    found = []
    for each in [targets] if isinstance(targets, str) else targets or ():
        number = BETWEEN_DIGITS.sub("", str(each)).removeprefix("+").removeprefix("00")
        if not NUMBER.fullmatch(number):
            raise _wrong("a phone number is not right; write it with its country code, as in 4512345678")
        found.append(number)
    if not found:
        raise _wrong("the phone numbers are missing; write them as in gatewayapi://TOKEN@SENDER/4512345678")
    return tuple(dict.fromkeys(found))  # the API refuses a message that names one twice


def _one_of(name: str, text: str, known: tuple[str, ...]) -> str:
    if text.lower() not in known:
        raise _wrong(f"{name}= is one of {', '.join(known)}")
    return text.lower()


def _port(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= LARGEST_PORT):
        raise _wrong(f"port= is a number from 1 to {LARGEST_PORT}")
    return int(text)


def _is_here(host: str) -> bool:
    """Tell whether a host is this machine, where the token may go in the clear."""
    try:
        return host.lower() == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
