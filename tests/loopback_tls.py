"""Certificates for loopback, made by openssl, that hold for as many days as a test wants."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

from arrivals import HOST


def certificate(folder: Path, days: int) -> Path:
    """Make a certificate signed by itself; give the file that holds it and its key."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
            str(days), "-subj", "/CN=alarm", "-addext", f"subjectAltName=IP:{HOST}", "-keyout", "key.pem", "-out",
            "cert.pem",
        ],
        cwd=folder, check=True, capture_output=True, timeout=20,
    )  # fmt: skip
    both = folder / "both.pem"
    both.write_bytes((folder / "key.pem").read_bytes() + (folder / "cert.pem").read_bytes())
    return both


def serving(both: Path) -> ssl.SSLContext:
    """Give what a server shows of its certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context
