"""The least that a call can take: one request, signed by hand, with the standard library alone. Compared with, never deployed."""

import datetime as dt
import hashlib
import hmac
import json
import os
import socket
import ssl
from typing import Any
from urllib.parse import urlsplit

TARGET, TYPE = "SageMaker.UpdateEndpointWeightsAndCapacities", "application/x-amz-json-1.1"
SIGNED = "content-type;host;x-amz-date;x-amz-target"


def handler(_event: Any, _context: Any) -> None:  # noqa: ANN401 - an event is untyped
    """Give all traffic to one variant."""
    weights = [{"VariantName": "AllTraffic", "DesiredWeight": 1.0}]
    body = json.dumps({"EndpointName": "chat-llm", "DesiredWeightsAndCapacities": weights}).encode()
    url = urlsplit(os.environ["AWS_ENDPOINT_URL"])
    secure = ssl.create_default_context(cafile=os.environ["AWS_CA_BUNDLE"])
    with (
        socket.create_connection((str(url.hostname), int(url.port or 443))) as plain,
        secure.wrap_socket(plain, server_hostname=str(url.hostname)) as wire,
    ):
        wire.sendall(_request(url.netloc, body))
        wire.recv(65536)


def _request(host: str, body: bytes) -> bytes:
    """Signature Version 4, in as few steps as it takes."""
    at = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    headers = f"content-type:{TYPE}\nhost:{host}\nx-amz-date:{at}\nx-amz-target:{TARGET}\n"
    canonical = f"POST\n/\n\n{headers}\n{SIGNED}\n{hashlib.sha256(body).hexdigest()}"
    scope = f"{at[:8]}/us-east-1/sagemaker/aws4_request"
    key = f"AWS4{os.environ['AWS_SECRET_ACCESS_KEY']}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    text = f"AWS4-HMAC-SHA256\n{at}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    credential = f"{os.environ['AWS_ACCESS_KEY_ID']}/{scope}"
    authorization = f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={SIGNED}, Signature={signature}"
    head = (
        headers.replace("\n", "\r\n") + f"authorization: {authorization}\r\ncontent-length: {len(body)}\r\n"
    )
    return f"POST / HTTP/1.1\r\n{head}\r\n".encode() + body
