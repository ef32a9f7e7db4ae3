"""After the start, a first alarm loads nothing: a cold import from an SD card takes seconds."""

from __future__ import annotations

import json
import subprocess
import sys

from receivers import HttpReceiver, SmtpReceiver, free_port

FIRST_SENDS = """
import json, sys
from alarmbro.delivery.channel import Channels
from alarmbro.model.route import Target
from alarmbro.model.secret import Secret
from alarmbro.model.delivery import Message, Urgency

targets = [Target("r", n, url.partition("://")[0], Secret(url)) for n, url in enumerate(sys.argv[1:])]
channels = Channels(targets)
assert channels.warm({"device.zone": "1"}) == []
before = set(sys.modules)
results = [
    channels.send(target, {"device.zone": "2"}, Message("Røde", "grød", "fløde", Urgency.ALARM)).reason
    for target in targets
]
print(json.dumps({"results": results, "loaded": sorted(set(sys.modules) - before)}))
"""


def test_a_first_send_imports_nothing() -> None:
    """Neither when it goes well nor when it fails, by address or by name, with TLS or without."""
    with HttpReceiver() as http, SmtpReceiver() as smtp:
        mail = f"127.0.0.1:{smtp.port}?from=alarm@bro.example&to=vagt@kommune.example"
        urls = [
            f"json://127.0.0.1:{http.port}/{{device.zone}}",
            f"mailto://{mail}",
            f"ntfy://localhost:{http.port}/vagt",
            f"jsons://localhost:{http.port}/",
            f"mailto://{mail}&mode=starttls",
            f"json://127.0.0.1:{free_port()}/",
            "json://nowhere.invalid/",
        ]
        ran = subprocess.run(
            [sys.executable, "-c", FIRST_SENDS, *urls], capture_output=True, text=True, check=True, timeout=60
        )
    told = json.loads(ran.stdout)
    assert told["results"][:4] == ["ok", "ok", "ok", "tls"]
    assert told["results"][5:] == ["refused", "dns"]
    assert told["loaded"] == []
