"""A message as bytes. The library folds the headers; the parts are put together here, because for a digest of thirty facts its
generator takes longer than everything else."""

from binascii import b2a_base64
from collections.abc import Sequence
from email.message import EmailMessage

from alerts.headers import HEADERS
from alerts.render_chart import Chart

LINE = 76  # characters of base64, as RFC 2045 has it
END = b"\r\n"


def assembled(headers: EmailMessage, text: str, html: str, pictures: Sequence[Chart]) -> bytes:
    """The message of these headers with both parts, and with pictures that only the HTML shows; the same bytes each time."""
    mark = str(headers["Message-ID"]).strip("<>").partition("@")[0]
    shown = _part("text/html; charset=utf-8", html.encode())
    if pictures:
        shown = _several("related", f"=_r{mark}", [shown, *(_picture(one) for one in pictures)])
    body = _several("alternative", f"=_{mark}", [_part("text/plain; charset=utf-8", text.encode()), shown])
    folded = [HEADERS.fold_binary(name, value) for name, value in headers.raw_items()]
    return b"".join([*folded, b"MIME-Version: 1.0", END, body])


def _picture(chart: Chart) -> bytes:
    return _part("image/png", chart.png, f"Content-ID: <{chart.name}>", "Content-Disposition: inline")


def _several(kind: str, boundary: str, parts: Sequence[bytes]) -> bytes:
    edge = f"--{boundary}".encode()
    inside = b"".join(edge + END + part + END for part in parts)
    return _headed(f'Content-Type: multipart/{kind}; boundary="{boundary}"') + inside + edge + b"--" + END


def _part(kind: str, content: bytes, *headers: str) -> bytes:
    written = b2a_base64(content, newline=False)
    lines = END.join([written[start : start + LINE] for start in range(0, len(written), LINE)])
    return _headed(f"Content-Type: {kind}", "Content-Transfer-Encoding: base64", *headers) + lines + END


def _headed(*headers: str) -> bytes:
    return END.join(header.encode("ascii") for header in headers) + END + END
