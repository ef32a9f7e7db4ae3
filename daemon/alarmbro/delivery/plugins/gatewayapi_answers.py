"""What GatewayAPI's answers mean: fixed phrases by its codes, without what it fills in (numbers and addresses). Pure.

Source: the API's own list of errors (github.com/onlinecity/gatewayapi-docs, errors.rst).
"""

from __future__ import annotations

import http.client
from typing import Any

import requests

from alarmbro.model.delivery import Outcome, Result

OK = 200
OF_THE_REQUEST = (400, 422)  # about what was asked: one recipient alone may be answered better
SAYS = {
    0x0210: "the user name is not known",
    0x0211: "the password is wrong",
    0x0212: "the IP address of this site is not valid there",
    0x0213: "the IP address of this site is not allowed; allow it in GatewayAPI's settings, or take the limit off",
    0x0214: "a number is blocked for a time",
    0x0215: "a number is blocked",
    0x0216: "the account has no credit left",
    0x0217: "the account may not send to that country",
    0x0218: "the class of message is not known",
    0x021D: "the account may not send SMS",
    0x021E: "the class of message is not set up for that country",
    0x021F: "the account may not send to that operator",
    0x0220: "a parameter is not supported",
    0x0222: "a parameter is missing",
    0x0223: "the key is not known",
    0x0310: "a number is named twice",
    0x0311: "the priority is not available",
}
GENERAL = {  # by the last two digits, whatever the first are
    0x01: "an error that it does not know itself",
    0x03: "that is not permitted",
    0x05: "it is shutting down",
    0x06: "it has no resources left",
    0x07: "permission denied",
    0x08: "an argument is not valid",
    0x09: "it is busy",
}
NO_CREDIT = 0x0216
OF_ONE_NUMBER = frozenset({0x0214, 0x0215, 0x0217, 0x021E, 0x021F})
EMPTY = Result(Outcome.FAILED, "no_credit", SAYS[NO_CREDIT])
FOREIGN = Result(
    Outcome.FAILED, "rejected", "HTTP 200, but not as GatewayAPI answers: is it a proxy, or a guest network?"
)
TAKEN = Result(Outcome.OK, "ok", "GatewayAPI took it; whether the phone got it is not known")


def of_message(answer: requests.Response) -> Result:
    """Give what became of a message. Whoever else answers 200, as the page of a guest network, has taken nothing."""
    if answer.status_code != OK:
        return refused(answer)
    return TAKEN if body_of(answer).get("ids") else FOREIGN


def of_account(answer: requests.Response, *, postpaid: bool) -> Result:
    """Give whether the account can send."""
    if answer.status_code != OK:
        return refused(answer)
    account = body_of(answer)
    if "credit" not in account:
        return FOREIGN
    return EMPTY if not postpaid and _is_used_up(account["credit"]) else Result(Outcome.OK, "ok")


def is_of_one(answer: requests.Response) -> bool:
    """Tell whether it is one number that was refused, or may be, rather than the account or the token."""
    code = _code(answer)
    return code in OF_ONE_NUMBER or (answer.status_code in OF_THE_REQUEST and code != NO_CREDIT)


def refused(answer: requests.Response) -> Result:
    """Give what a refusal means."""
    code = _code(answer)
    if code == NO_CREDIT:
        return EMPTY
    said = f", code 0x{code:04X}" if code else ""
    meaning = SAYS.get(code) or GENERAL.get(code & 0xFF, "")
    phrase = http.client.responses.get(answer.status_code, "")
    detail = f"HTTP {answer.status_code} {phrase}".strip() + said + (f": {meaning}" if meaning else "")
    return Result(Outcome.FAILED, f"http_{answer.status_code}", detail)


def body_of(answer: requests.Response) -> dict[str, Any]:
    """Give the JSON object of an answer; empty where there is none."""
    try:
        body = answer.json()
    except ValueError:  # no JSON: told as an answer without what was asked for
        return {}
    return body if isinstance(body, dict) else {}


def _code(answer: requests.Response) -> int:
    """Give the API's code, as `"0x0213"`; 0 where it gave none, and the status alone says."""
    try:
        return int(str(body_of(answer).get("code") or "0"), 16)
    except ValueError:
        return 0


def _is_used_up(credit: Any) -> bool:
    try:
        return float(credit) <= 0
    except (TypeError, ValueError):  # said in a way that we do not know: no reason for a fault
        return False
