"""A press over HTTP, for what speaks neither GPIO nor MQTT: a pendant service's webhook, an SMS provider's call.

POST /press/SITE/DEVICE with the device's own token (`Authorization: Bearer TOKEN`). 202 says that the press is in the
journal, and nothing else does: any other answer means ask again. The same `id` (JSON, form or query) twice is one
press. A service that can set no header may send the token as the field `token` of its form or JSON, never in the
address, which servers on the way write down.
"""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import parse_qsl

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from alarmbro.model.errors import AlarmbroError, RefusedError
from alarmbro.web.visiting.house import House

log = structlog.get_logger(__name__)

BEARER = "bearer "
ID_LIMIT = 200


async def press(request: Request) -> Response:
    """Take a press."""
    house: House = request.app.state.house
    device = f"{request.path_params['site']}/{request.path_params['device']}"
    address, now_s = request.state.address, time.monotonic()
    if house.strangers.empty(address, now_s) or not house.presses.take(f"{address} {device}", now_s):
        log.warning("refused", why="too many presses", address=address, device=device[:100])
        return _answer(429, "too many requests")
    fields = _fields(request, await request.body())
    press_id = fields.get("id")
    try:
        answer = await house.asking.do("press_http", device=device, token=_token(request, fields), id=press_id)
    except RefusedError as error:
        house.strangers.take(address, now_s)
        log.warning("refused", why="token", address=address, device=device[:100])
        return _answer(403, str(error))
    except AlarmbroError as error:
        log.warning("a press over HTTP is not confirmed", device=device[:100], error=str(error))
        return _answer(503, "not confirmed; ask again")
    log.info("a press over HTTP", device=answer["device"], address=address)
    return JSONResponse({"device": answer["device"]}, 202)


def _answer(status: int, why: str) -> Response:
    headers = {"retry-after": "1"} if status in (429, 503) else {}
    return JSONResponse({"error": why}, status, headers)


def _token(request: Request, fields: dict[str, Any]) -> str:
    header = request.headers.get("authorization", "")
    if header.lower().startswith(BEARER):
        return header[len(BEARER) :].strip()
    token = fields.get("token")
    return token if isinstance(token, str) else ""


def _fields(request: Request, body: bytes) -> dict[str, Any]:
    """Give the fields of whatever it sends; what is not understood is a press without an id."""
    fields: dict[str, Any] = {"id": request.query_params["id"]} if "id" in request.query_params else {}
    text = body.decode("utf-8", "replace")
    if "json" in request.headers.get("content-type", ""):
        try:
            said = json.loads(text)
        except (ValueError, RecursionError):
            said = {}
        return fields | said if isinstance(said, dict) else fields
    return fields | dict(parse_qsl(text)[:100])
