"""A document file of any kind becomes what it says. Started by `extract.py` as a process of its own: `python -m` this module
reads the file from its standard input and prints one JSON object.

The kind is told from the bytes: names lie (.doc files are zipped, .wps files are Word's). Archives are opened to a small
depth, and all their files together may unpack to no more than one big file has.
"""

import io
import json
import sys
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import PurePosixPath
from time import monotonic
from typing import Final

from crawler.reading.odf import read_odf
from crawler.reading.ofd import read_ofd
from crawler.reading.office import read_office
from crawler.reading.pdf import read_pdf
from crawler.reading.printed import Printed
from crawler.reading.rtf import read_rtf
from crawler.reading.word import read_word
from monitor.errors import PageError

SUFFIXES: Final = (".pdf", ".doc", ".docx", ".wps", ".rtf", ".odt", ".xls", ".xlsx", ".et", ".ods", ".ofd", ".zip")
PATIENCE: Final = 20.0  # seconds after which no further page or file is begun
PROCESSOR: Final = 45  # seconds of processor time after which the system ends the process
MEMORY: Final = 1_000_000_000  # bytes of address space; a report of 300 pages takes a fifth of it
MOST_FILES: Final = 30  # of an archive that are read
MOST_ENTRIES: Final = 5_000
UNPACKED: Final = 100_000_000  # bytes of all files of an archive together
MARKUP: Final = 20_000_000  # bytes of a package's parts that are parsed: as a tree they take ten times as much
DEPTH: Final = 2  # archives within archives
PDF: Final = b"%PDF-"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP: Final = b"PK\x03\x04"
RTF: Final = b"{\\rtf"
OTHERS: Final = {
    b"Rar!": "a RAR archive, which is not read",
    b"7z\xbc\xaf": "a 7z archive, which is not read",
    b"PK\x05\x06": "the archive is empty",
}
PACKAGES: Final = (
    ("ofd", "ofd.xml"),
    ("docx", "word/document.xml"),
    ("xlsx", "xl/workbook.xml"),
    ("odf", "meta-inf/manifest.xml"),
)
TAGS: Final = (b"<!doctype", b"<html", b"<?xml", b"<script", b"<meta")
HEAD: Final = 1024  # bytes within which a PDF may begin, and markup does


def is_document(content: bytes) -> bool:
    """Whether bytes begin as a document file does, whatever they are called."""
    return content.startswith((OLE, ZIP, RTF)) or content[:HEAD].lstrip().startswith(PDF)


def read_document(name: str, content: bytes, *, until: float, depth: int = 0, room: int = UNPACKED) -> list[Printed]:
    """Read one file, or those of an archive that can be read. Raises PageError where there is none."""
    kind = _kind(name, content)
    match kind:
        case "pdf":
            return [read_pdf(name, content, until=until)]
        case "ofd":
            return [read_ofd(name, content, until=until)]
        case "docx":
            return [read_word(name, content)]
        case "rtf":
            return [read_rtf(name, content)]
        case "odf":
            return [read_odf(name, content)]
        case "doc" | "xls" | "xlsx":
            return [read_office(name, content, kind)]
    if depth >= DEPTH:
        raise PageError(name, f"archives within more than {DEPTH} archives are not opened")
    return _read_archive(name, content, until, depth, room)


def _kind(name: str, content: bytes) -> str:
    if not content.strip(b"\x00 \r\n\t"):
        raise PageError(name, "the file is empty")
    if content.startswith(OLE):
        return _kind_of_compound(name, content)
    if content.startswith(ZIP):
        return _kind_of_package(name, content)
    if content.startswith(RTF):
        return "rtf"
    if PDF in content[:HEAD]:
        return "pdf"
    for start, problem in OTHERS.items():
        if content.startswith(start):
            raise PageError(name, problem)
    if content[:HEAD].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(TAGS):
        raise PageError(name, "a web page, not a document file")
    raise PageError(name, "not a document file, or a damaged one")


def _kind_of_compound(name: str, content: bytes) -> str:
    """Which of the old binary formats it is, by the names of the streams in the compound file."""

    def holds(stream: str) -> bool:
        return f"{stream}\0".encode("utf-16-le") in content

    if holds("EncryptedPackage"):
        raise PageError(name, "locked by a password")
    if holds("WordDocument"):
        return "doc"
    if holds("Workbook") or holds("Book"):
        return "xls"
    raise PageError(name, "neither a Word file nor a spreadsheet, or a damaged one")


def _kind_of_package(name: str, content: bytes) -> str:
    entries = _entries(name, content)
    parts = {part.filename.lower().lstrip("/") for part in entries}
    for kind, part in PACKAGES:
        if part in parts and (kind != "odf" or "content.xml" in parts):
            _weigh(name, entries)
            return kind
    if "[content_types].xml" in parts and not any(part.endswith(SUFFIXES) for part in parts):
        raise PageError(name, "neither a Word file nor a spreadsheet")
    return "zip"


def _entries(name: str, content: bytes) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = packed.infolist()
    except (zipfile.BadZipFile, ValueError, LookupError, RuntimeError, OSError, EOFError) as error:
        raise PageError(name, _damaged(name)) from error
    if len(entries) > MOST_ENTRIES:
        raise PageError(
            name, f"the archive has {len(entries):,} entries, more than the {MOST_ENTRIES:,} that are looked at"
        )
    return entries


def _weigh(name: str, entries: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse a package that unpacks to more than any document holds: a small file must not fill the memory."""
    markup = sum(part.file_size for part in entries if part.filename.lower().endswith((".xml", ".rels")))
    for size, limit in ((sum(part.file_size for part in entries), UNPACKED), (markup, MARKUP)):
        if size > limit:
            raise PageError(name, f"unpacks to {size:,} bytes, more than the {limit:,} that are read")


def _damaged(name: str) -> str:
    kinds = {".docx": "Word file", ".xlsx": "spreadsheet", ".ofd": "OFD file"}
    kinds |= dict.fromkeys((".odt", ".ods"), "OpenDocument file")
    return f"damaged or unsupported {kinds.get(PurePosixPath(name.lower()).suffix, 'archive')}"


def _read_archive(name: str, content: bytes, until: float, depth: int, room: int) -> list[Printed]:
    """Read the documents of an archive; one that cannot be read is a warning, and only an archive of such is refused."""
    read: list[Printed] = []
    problems: list[str] = []
    for member, unpacked in _members(name, content, room, problems):
        room -= len(unpacked)
        if monotonic() > until:
            problems.append(f"{member}: not read, the archive takes too long")
            break
        try:
            found = read_document(member, unpacked, until=until, depth=depth + 1, room=room)
        except PageError as error:
            problems.append(f"{member}: {error.problem}")
            continue
        read += [replace(one, name=f"{member}/{one.name}" if one.name else member) for one in found]
    if not read:
        raise PageError(name, problems[0] if problems else "the archive holds no document that is read")
    read[0] = replace(read[0], warnings=(*read[0].warnings, *problems))
    return read


def _members(name: str, content: bytes, room: int, problems: list[str]) -> Iterator[tuple[str, bytes]]:
    """The documents in an archive, unpacked one by one, as far as there is room."""
    entries = [entry for entry in _entries(name, content) if _is_wanted(entry)]
    if len(entries) > MOST_FILES:
        problems.append(f"only the first {MOST_FILES} of {len(entries)} files were read")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for entry in entries[:MOST_FILES]:
            member = _member_name(entry)
            if entry.flag_bits & 1:
                problems.append(f"{member}: locked by a password")
                continue
            try:
                with packed.open(entry) as stream:
                    unpacked = stream.read(room + 1)
            except (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, OSError, EOFError):
                problems.append(f"{member}: damaged in the archive")
                continue
            if len(unpacked) > room:
                problems.append(f"{member}: unpacks to more than the {UNPACKED:,} bytes that are read of an archive")
                return
            room -= len(unpacked)
            yield member, unpacked


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(entry.filename)
    return path.suffix.lower() in SUFFIXES and "__MACOSX" not in path.parts and not path.name.startswith("~$")


def _member_name(entry: zipfile.ZipInfo) -> str:
    """The file's own name. Without the mark of UTF-8 it is what its maker's system wrote: here GBK, or UTF-8 all the same."""
    name = PurePosixPath(entry.filename.replace("\\", "/")).name
    if entry.flag_bits & 0x800:
        return name
    for charset in ("utf-8", "gb18030"):
        try:
            return PurePosixPath(entry.filename.encode("cp437").decode(charset)).name
        except ValueError:
            continue
    return name


def _bound() -> None:
    """What a file makes of this process must not become the machine's trouble."""
    import resource

    for which, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, PROCESSOR), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(which)
        wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (wanted, hard))


def _answer(name: str, content: bytes) -> dict[str, object]:
    try:
        parts: Sequence[Printed] = read_document(name, content, until=monotonic() + PATIENCE)
    except PageError as error:
        return {"problem": error.problem}
    except MemoryError:
        return {"problem": "reading it takes more memory than is allowed"}
    return {"parts": [asdict(part) for part in parts]}


def main() -> None:
    _bound()
    json.dump(_answer(sys.argv[1], sys.stdin.buffer.read()), sys.stdout)


if __name__ == "__main__":
    main()
