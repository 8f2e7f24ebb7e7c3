"""Headers as mail programs read them, where the library folds them wrongly."""

from email.header import Header
from email.policy import SMTP, EmailPolicy

WORD = 60  # characters that fit on a line behind the name of a header


class Headers(EmailPolicy):
    """A long List-Unsubscribe would become an encoded word, which no mail program looks into (RFC 2369 has plain
    addresses there): such a header stays on one line, well under RFC 5322's 998 characters. A long Chinese subject would
    lose blanks where it is folded, and it or one long word have words longer than RFC 2047's 75 characters. And =?utf-8?B?...?= in the title of a
    page would be decoded, to characters that were taken out of it before: it is shown as it was printed.
    """

    def header_store_parse(self, name: str, value: str) -> tuple[str, str]:
        printed = value.replace("=?", "= ?") if name.lower() == "subject" else value
        return super().header_store_parse(name, printed)

    def fold(self, name: str, value: str) -> str:
        if name.lower().startswith("list-"):
            return f"{name}: {value}{self.linesep}"
        if name.lower() == "subject" and not (value.isascii() and all(len(word) <= WORD for word in value.split())):
            words = Header(str(value), "utf-8", maxlinelen=76, header_name=name).encode(linesep=self.linesep)
            return f"{name}: {words}{self.linesep}"
        folded: str = super().fold(name, value)
        return folded

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower().startswith("list-") or name.lower() == "subject":
            return self.fold(name, value).encode("ascii")
        return super().fold_binary(name, value)


HEADERS = Headers(linesep=SMTP.linesep, max_line_length=SMTP.max_line_length)
