"""Document files made in code, whole ones and hostile ones, for the tests of whatever reads files."""

import io
import struct
import zipfile
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256

import docx
import pypdf
import xlsxwriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject

POLICY = [
    "临湖市人民政府办公室文件",
    "临政办发〔2026〕8号",
    "市政府办公室关于印发临湖市低空经济",
    "三年行动方案的通知",
    "到2028年，全市低空经济规模突破300亿元，",
    "集聚企业200家。",
    "一、主要目标。建成起降点60个。",
]
SIGNATURES = "<ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures>"
SECTOR = 512
CHAIN_END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
Rows = Sequence[Sequence[str | float]]


def make_pdf(*pages: Sequence[str], password: str | None = None) -> bytes:
    """A PDF whose font maps each code to the character of the same number; a page is a list of lines."""
    codes = sorted({ord(character) for page in pages for line in page for character in line})
    mapping = "\n".join(f"<{code:04X}> <{code:04X}>" for code in codes)
    cmap = f"begincmap\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{len(codes)} beginbfchar\n{mapping}\nendbfchar\nendcmap"
    first = 6
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{' '.join(f'{first + 2 * place} 0 R' for place in range(len(pages)))}]/Count {len(pages)}>>",
        "<</Type/Font/Subtype/Type0/BaseFont/Song/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 5 0 R>>",
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/Song/DW 1000/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>",
        _stream(cmap),
    ]
    for place, page in enumerate(pages):
        shown = "".join(f"<{line.encode('utf-16-be').hex()}> Tj T*\n" for line in page)
        contents = first + 2 * place + 1
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {contents} 0 R/Resources<</Font<</F 3 0 R>>>>>>",
            _stream(f"BT /F 12 Tf 72 760 Td 18 TL\n{shown}ET"),
        ]
    plain = _pdf_file(objects)
    return _locked(plain, password) if password else plain


def _pdf_file(objects: Sequence[str]) -> bytes:
    pieces, places, length = ["%PDF-1.7\n"], list[int](), 9
    for number, text in enumerate(objects, 1):
        places.append(length)
        pieces.append(f"{number} 0 obj\n{text}\nendobj\n")
        length += len(pieces[-1])
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<</Root 1 0 R/Size {len(objects) + 1}>>\nstartxref\n{length}\n%%EOF\n"
    return ("".join(pieces) + end).encode("ascii")


def _stream(text: str) -> str:
    return f"<</Length {len(text)}>>stream\n{text}\nendstream"


def _locked(plain: bytes, password: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(plain))
    writer.encrypt(password, algorithm="RC4-128")
    return _written(writer)


def make_pdf_bomb(unpacked: int) -> bytes:
    """A PDF of a few kilobytes whose page unpacks to so many bytes."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(make_pdf(POLICY)))
    packed = StreamObject()
    packed.set_data(b"BT (x) Tj ET\n" * (unpacked // 13))
    page: DictionaryObject = writer.pages[0]
    page[NameObject("/Contents")] = writer._add_object(packed.flate_encode())  # its own way to add one
    return _written(writer)


def _written(writer: pypdf.PdfWriter) -> bytes:
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def make_docx(lines: Sequence[str], rows: Sequence[Sequence[str]] = (), *, running: str = "") -> bytes:
    """A Word file; `running` is printed at the head and foot of its pages."""
    document = docx.Document()
    if running:
        document.sections[0].header.paragraphs[0].text = running
        document.sections[0].footer.paragraphs[0].text = running
    for line in lines:
        document.add_paragraph(line)
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                table.cell(place, column).text = cell
    packed = io.BytesIO()
    document.save(packed)
    return packed.getvalue()


def repack(packed: bytes, name: str, content: bytes) -> bytes:
    """A packed file with one part replaced or added."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return changed.getvalue()


def make_zip(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def make_xlsx(sheets: Mapping[str, Rows]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
    return file.getvalue()


def make_ofd(*pages: Sequence[str], signed: bool = False) -> bytes:
    """An OFD file; a page is a list of lines. `signed` seals it as the standard lays a seal out (GB/T 33190, chapter 17):
    the list of signatures, each in a folder of its own with the digests of all files, the seal and the signed value."""
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    box = "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
    listed = "".join(f'<ofd:Page ID="{n + 10}" BaseLoc="Pages/{n}.xml"/>' for n in range(len(pages)))
    files = {
        "OFD.xml": f'<ofd:OFD {space} DocType="OFD" Version="1.0"><ofd:DocBody><ofd:DocInfo/><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>{SIGNATURES if signed else ""}</ofd:DocBody></ofd:OFD>',
        "Doc_0/Document.xml": f"<ofd:Document {space}><ofd:CommonData>{box}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
    }
    for number, lines in enumerate(pages):
        shown = "".join(_ofd_line(number * 100 + place + 100, place, line) for place, line in enumerate(lines))
        files[f"Doc_0/Pages/{number}.xml"] = (
            f'<ofd:Page {space}><ofd:Content><ofd:Layer ID="{number + 50}">{shown}</ofd:Layer></ofd:Content></ofd:Page>'
        )
    content = {name: text.encode() for name, text in files.items()}
    return make_zip(content | (_ofd_seal(content, space) if signed else {}))


def _ofd_seal(content: Mapping[str, bytes], space: str) -> dict[str, bytes]:
    """The files of one seal on the first page."""
    digests = "".join(
        f'<ofd:Reference FileRef="/{name}"><ofd:CheckValue>{b64encode(sha256(data).digest()).decode()}</ofd:CheckValue></ofd:Reference>'
        for name, data in content.items()
    )
    folder = "Doc_0/Signs"
    listed = '<ofd:MaxSignId>1</ofd:MaxSignId><ofd:Signature ID="1" Type="Seal" BaseLoc="Sign_0/Signature.xml"/>'
    signature = (
        '<ofd:SignedInfo><ofd:Provider ProviderName="example" Version="1.0"/><ofd:SignatureMethod>1.2.156.10197.1.501</ofd:SignatureMethod>'
        f'<ofd:SignatureDateTime>20260210093000Z</ofd:SignatureDateTime><ofd:References CheckMethod="1.2.156.10197.1.401">{digests}</ofd:References>'
        '<ofd:StampAnnot ID="1" PageRef="10" Boundary="120 200 40 40"/><ofd:Seal><ofd:BaseLoc>Seal.esl</ofd:BaseLoc></ofd:Seal></ofd:SignedInfo>'
        "<ofd:SignedValue>SignedValue.dat</ofd:SignedValue>"
    )
    noise = bytes(place * 7 % 256 for place in range(900))  # ASN.1 to those who can check it
    return {
        f"{folder}/Signatures.xml": f"<ofd:Signatures {space}>{listed}</ofd:Signatures>".encode(),
        f"{folder}/Sign_0/Signature.xml": f"<ofd:Signature {space}>{signature}</ofd:Signature>".encode(),
        f"{folder}/Sign_0/Seal.esl": b"0\x82" + noise,
        f"{folder}/Sign_0/SignedValue.dat": b"0\x82" + noise[::-1],
    }


def _ofd_line(id: int, place: int, line: str) -> str:
    return (
        f'<ofd:TextObject ID="{id}" Boundary="20 {20 + 8 * place} 180 6" Font="1" Size="5">'
        f'<ofd:TextCode X="0" Y="5" DeltaX="g {len(line)} 5">{line}</ofd:TextCode></ofd:TextObject>'
    )


def make_rtf(paragraphs: Sequence[str], table: Rows = (), *, escaped: bool = True) -> bytes:
    """A rich text file with Chinese in GBK, each byte escaped as Word does, or raw as older programs leave it."""

    def written(text: object) -> str:
        return "".join(_rtf_character(one, escaped) for one in str(text))

    head = r"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil\fcharset134 SimSun;}}{\info{\title untitled}{\author nobody}}\viewkind4\uc1 "
    body = "".join(rf"\pard\f0 {written(one)}\par " for one in paragraphs)
    rows = "".join(r"\trowd " + "".join(rf"{written(cell)}\cell " for cell in row) + r"\row " for row in table)
    return (head + body + rows + "}").encode("latin-1")


def _rtf_character(character: str, escaped: bool) -> str:
    pair = character.encode("gbk")
    if len(pair) == 1:
        return character
    # The second byte of some is a letter by itself, and is written as such.
    return "".join(rf"\'{byte:02x}" if byte > 0x7F and escaped else chr(byte) for byte in pair)


def make_odf(body: str, *, title: str = "", manifest: str = "") -> bytes:
    """An OpenDocument file; `body` is what stands in its office:body."""
    names = {
        "office": "office",
        "text": "text",
        "table": "table",
        "draw": "drawing",
    }
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for short, name in names.items()
    )
    content = f"<office:document-content {spaces}><office:body>{body}</office:body></office:document-content>"
    dublin = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    meta = f"<office:document-meta {spaces} {dublin}><office:meta><dc:title>{title}</dc:title></office:meta></office:document-meta>"
    files = {"META-INF/manifest.xml": manifest, "content.xml": content, "meta.xml": meta}
    return make_zip({name: text.encode() for name, text in files.items()})


def make_doc(paragraphs: Sequence[str]) -> bytes:
    """A Word 97 file: the header that Word wants, one piece of text, and the table that says where it lies."""
    text = "".join(f"{paragraph}\r" for paragraph in paragraphs)
    at = 0x800
    table = b"\x02" + struct.pack("<IIIHIH", 16, 0, len(text), 0, at, 0)
    header = bytearray(struct.pack("<HHHHHHHBB", 0xA5EC, 0xC1, 0, 0x804, 0, 0x1200, 0xBF, 0, 0).ljust(32, b"\0"))
    header += struct.pack("<H", 14) + bytes(28) + struct.pack("<H", 22)
    counts = [0] * 22
    counts[0], counts[3] = at + 2 * len(text), len(text)
    header += struct.pack("<22I", *counts) + struct.pack("<H", 93)
    places = [0] * 186
    places[66], places[67] = 0, len(table)
    header += struct.pack("<186I", *places)
    document = bytes(header).ljust(at, b"\0") + text.encode("utf-16-le")
    return make_compound({"WordDocument": document, "1Table": table})


def make_xls(name: str, rows: Rows) -> bytes:
    """A spreadsheet of Excel 97 with one sheet."""
    words = list(dict.fromkeys(cell for row in rows for cell in row if isinstance(cell, str)))
    strings = struct.pack("<II", len(words), len(words)) + b"".join(_xls_text(word, "<HB") for word in words)
    shared = _record(0xFC, strings)
    globals_ = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    title = _xls_text(name, "<BB")
    start = len(globals_) + 4 + 6 + len(title) + len(shared) + 4
    book = globals_ + _record(0x85, struct.pack("<IH", start, 0) + title) + shared + _record(0x0A, b"")
    sheet = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    for place, row in enumerate(rows):
        for column, cell in enumerate(row):
            where = struct.pack("<HHH", place, column, 0)
            text = isinstance(cell, str)
            kind, value = (0xFD, struct.pack("<I", words.index(cell))) if text else (0x203, struct.pack("<d", cell))  # type: ignore[arg-type]
            sheet += _record(kind, where + value)
    return make_compound({"Workbook": book + sheet + _record(0x0A, b"")})


def _xls_text(text: str, counted: str) -> bytes:
    return struct.pack(counted, len(text), 1) + text.encode("utf-16-le")


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def make_compound(streams: Mapping[str, bytes]) -> bytes:
    """The container of the old Office formats; streams are padded to where they need no small-block store."""
    padded = {name: content.ljust(8 * SECTOR, b"\0") for name, content in streams.items()}
    fat: list[int] = [FAT, CHAIN_END]
    body, entries = b"", list[bytes]()
    for name, content in padded.items():
        sectors = -(-len(content) // SECTOR)
        start = len(fat)
        fat += [*range(start + 1, start + sectors), CHAIN_END]
        body += content.ljust(sectors * SECTOR, b"\0")
        entries.append(_entry(name, 2, start, len(content), following=len(entries) + 2))
    last = bytearray(entries[-1])
    last[72:76] = struct.pack("<I", FREE)
    entries[-1] = bytes(last)
    folder = (_entry("Root Entry", 5, CHAIN_END, 0, child=1) + b"".join(entries)).ljust(SECTOR, b"\0")
    assert len(fat) <= SECTOR // 4
    assert len(folder) == SECTOR
    table = struct.pack(f"<{SECTOR // 4}I", *fat, *[FREE] * (SECTOR // 4 - len(fat)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, CHAIN_END, 0, CHAIN_END, 0, 0)
    return header.ljust(SECTOR, b"\xff") + table + folder + body


def _entry(name: str, kind: int, start: int, size: int, *, child: int = FREE, following: int = FREE) -> bytes:
    written = f"{name}\0".encode("utf-16-le")
    links = struct.pack("<HBBIII", len(written), kind, 1, FREE, following, child)
    return written.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)
