"""Read what the product is told to watch: themes, sources and words, from `seeds/` and the user's own folders.

The shipped files come first; each folder is laid over them: a source or theme with the same id replaces the earlier
one, so a user can edit or disable what is shipped. Nothing is guessed: an unknown key or a value that cannot be used is
a SeedError that names the file and the key. One bad table costs that table only, a file that is not TOML that file.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from difflib import get_close_matches
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from monitor.domain import Source
from monitor.errors import SeedError

# Beside the packages, in a checkout as in a wheel. Found without the import system, so that a folder named "seeds" in
# the working directory cannot take its place.
SHIPPED = Path(__file__).resolve().parent.parent / "seeds"
OnError = Callable[[SeedError], None]
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
SHORTEST, LONGEST = 60, 30 * 86_400  # seconds between crawls: politeness below, a forgotten source above
SLUG = 48  # characters of an id made from a URL
INDEX = re.compile(r"(?:index|default|list)(?:_\d+)?\.\w+$")


def _seconds(value: object) -> object:
    if isinstance(value, str) and (found := re.fullmatch(r"\s*(\d{1,8})\s*([smhd]?)\s*", value)):
        return int(found[1]) * UNITS[found[2] or "s"]
    if isinstance(value, str):
        raise ValueError(  # noqa: TRY004  # pydantic turns only a ValueError into a fault of the key
            'not a duration; write "30m", "2h", "1d" or a number of seconds'
        )
    return value


def _address(value: object) -> object:
    if not isinstance(value, str) or not is_web_address(value):
        raise ValueError("not a web address; it starts with http:// or https:// and holds no blank")
    return value


def _texts(value: object) -> object:
    if not isinstance(value, dict):
        return value
    return {key: str(one) if isinstance(one, int) and not isinstance(one, bool) else one for key, one in value.items()}


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Plain = Annotated[str, StringConstraints(min_length=2)]  # `text.fold` needs a first and a last character
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}$")]


Seconds = Annotated[int, BeforeValidator(_seconds), Field(ge=SHORTEST, le=LONGEST)]


class Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Theme(Table):
    """A subject to watch; what the lists of terms mean is said in `classify.py`."""

    id: Id
    name: Text
    english: str = ""
    parent: Id | None = None
    strong: tuple[Text, ...] = ()
    weak: tuple[Text, ...] = ()
    phrase: tuple[Text, ...] = ()
    near: tuple[Text, ...] = ()
    must: tuple[Text, ...] = ()
    any: tuple[Text, ...] = ()
    none: tuple[Text, ...] = ()


class SourceTable(Table):
    """One `[[source]]`; `domain.Source` says what the keys mean."""

    id: Id | None = None
    name: Text
    url: Annotated[str, BeforeValidator(_address)]
    region: Text | None = None
    level: Text | None = None
    every: Seconds = 1800
    enabled: bool = True
    family: Text | None = None
    official: bool = True
    min_articles: Annotated[int, Field(ge=0)] = 1
    options: Annotated[dict[str, str], BeforeValidator(_texts)] = Field(default_factory=dict)
    browser: bool = False
    least: Seconds | None = None
    most: Seconds | None = None
    why_off: Text | None = None

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        if not (self.least or self.every) <= self.every <= (self.most or self.every):
            raise ValueError("every must not be shorter than least, nor longer than most")
        return self

    def source(self) -> Source:
        values = {key: getattr(self, key) for key in type(self).model_fields}
        return Source(**(values | {"id": self.id or source_id(self.url)}))


class Usage(Table):
    """Usual names with the other forms under which they are written: of metrics, of programmes, and of publishers."""

    metrics: dict[Text, tuple[Text, ...]] = Field(default_factory=dict)
    programmes: dict[Text, tuple[Text, ...]] = Field(default_factory=dict)
    publishers: dict[Text, tuple[Text, ...]] = Field(default_factory=dict)


class Lexicon(Usage):
    """A file of `seeds/lexicon/`: words for jieba, what text spinners write for which plain word, words of other news, and
    usual names."""

    words: tuple[Text, ...] = ()
    odd: dict[str, Plain] = Field(default_factory=dict)
    synonyms: dict[str, Plain] = Field(default_factory=dict)
    genres: dict[str, tuple[Text, ...]] = Field(default_factory=dict)


@dataclass(frozen=True)
class Seeds:
    """What is watched and known. `synonyms` maps spun words to plain ones; those in `odd` betray a spun page. `genres`
    are words of news about other things, by genre; `words` are for jieba. `metrics`, `programmes` and `publishers` lead from
    a form of a name to the usual one."""

    themes: tuple[Theme, ...] = ()
    sources: tuple[Source, ...] = ()
    synonyms: Mapping[str, str] = field(default_factory=dict)
    odd: frozenset[str] = frozenset()
    genres: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    metrics: Mapping[str, str] = field(default_factory=dict)
    programmes: Mapping[str, str] = field(default_factory=dict)
    publishers: Mapping[str, str] = field(default_factory=dict)
    own: frozenset[str] = frozenset()  # ids of the sources that are not as shipped


def load_seeds(folders: Sequence[Path] = (), *, shipped_sources: bool = True, on_error: OnError | None = None) -> Seeds:
    """Read the shipped seeds and lay the TOML files of each folder over them.

    A file of a folder, or one named in place of a folder, may hold `[[source]]` and `[[theme]]` tables, and `[metrics]`,
    `[programmes]` and `[publishers]` that add to the shipped names. Raises the first SeedError; with `on_error` every
    fault is handed to it instead, and what is sound is kept. A folder that does not exist holds nothing.
    """
    report = on_error or _raise
    layers = [[SHIPPED / "themes.toml", *(_toml_files(SHIPPED / "sources") if shipped_sources else ())]]
    layers += [list(_toml_files(folder)) for folder in folders]
    themes: dict[str, Theme] = {}
    sources: dict[str, Source] = {}
    lexicon = [one for file in _toml_files(SHIPPED / "lexicon") for one in _lexicon(file, report)]
    usage: list[Usage] = [*lexicon]
    own: set[str] = set()
    for number, layer in enumerate(layers):
        found = _Layer(report)
        for file in layer:
            found.read(file)
        themes |= found.themes
        sources |= found.sources
        own |= found.sources.keys() if number else set()
        usage += found.usage
    _check_parents(themes, report)
    odd = {spun: plain for one in lexicon for spun, plain in one.odd.items()}
    return Seeds(
        themes=tuple(themes.values()),
        sources=tuple(sources.values()),
        synonyms=odd | {spun: plain for one in lexicon for spun, plain in one.synonyms.items()},
        odd=frozenset(odd),
        genres={genre: words for one in lexicon for genre, words in one.genres.items()},
        words=tuple(dict.fromkeys(word for one in lexicon for word in one.words)),
        metrics=_forms(one.metrics for one in usage),
        programmes=_forms(one.programmes for one in usage),
        publishers=_forms(one.publishers for one in usage),
        own=frozenset(own),
    )


def check_seeds(folders: Sequence[Path] = ()) -> tuple[SeedError, ...]:
    """List every fault of the shipped seeds and of the folders, none when all is well."""
    faults: list[SeedError] = []
    load_seeds(folders, on_error=faults.append)
    return tuple(faults)


def read_source(table: Mapping[str, object], where: str = "source") -> Source:
    """Check one `[[source]]` table from elsewhere (command line, CSV, OPML). Raises SeedError(where, key)."""
    checked = _checked(SourceTable, table, where, "", _raise)
    if checked is None:
        raise SeedError(where, "", "not a source")
    return checked.source()


def source_table(source: Source) -> dict[str, Any]:
    """The `[[source]]` table that loads back as `source`: what equals its default is left out, durations are written short."""
    plain = Source(id="", name="", url="")
    table = {key: value for key, value in asdict(source).items() if value != getattr(plain, key)}
    return table | {key: duration(table[key]) for key in ("every", "least", "most") if key in table}


def duration(seconds: int) -> str:
    """Seconds as a seeds file writes them: "30m", "2h", "1d"; "90s" where nothing larger divides them."""
    unit = next(unit for unit in "dhms" if seconds % UNITS[unit] == 0)
    return f"{seconds // UNITS[unit]}{unit}"


def source_id(url: str) -> str:
    """A readable id that depends on the URL alone: host, path and query, shortened with a digest where long."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    steps = [step for step in parts.path.split("/") if step and not INDEX.fullmatch(step)]
    whole = _slug("-".join((host, *steps, parts.query)))
    if len(whole) <= SLUG:
        return whole
    digest = blake2b(f"{host}{parts.path}?{parts.query}".encode(), digest_size=3).hexdigest()
    return f"{_slug(host)[:24].strip('-')}-{_slug('-'.join(steps[-2:]))[-16:].strip('-')}-{digest}".replace("--", "-")


def is_web_address(url: str) -> bool:
    """Whether `url` is http or https with a host and a usable port, and holds no blank."""
    try:
        parts = urlsplit(url)
        usable = parts.port is None or parts.port > 0
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and usable and not re.search(r"\s", url)


class _Layer:
    """The tables of the files that belong together: an id may stand in them once."""

    def __init__(self, report: OnError) -> None:
        self.report = report
        self.themes: dict[str, Theme] = {}
        self.sources: dict[str, Source] = {}
        self.usage: list[Usage] = []
        self._seen: dict[tuple[str, str], str] = {}

    def read(self, file: Path) -> None:
        content = _content(file, self.report)
        names = {key: value for key, value in content.items() if key in Usage.model_fields}
        for key in content.keys() - names.keys() - {"source", "theme"}:
            self.report(SeedError(_shown(file), key, _unknown(key, ("source", "theme", *Usage.model_fields))))
        if names and (usage := _checked(Usage, names, _shown(file), "", self.report)):
            self.usage.append(usage)
        for where, table in _rows(file, content, "theme", self.report):
            theme = _checked(Theme, table, _shown(file), where, self.report)
            if theme and self._is_first("theme", theme.id, file, where):
                self.themes[theme.id] = theme
        for where, table in _rows(file, content, "source", self.report):
            checked = _checked(SourceTable, table, _shown(file), where, self.report)
            if checked and self._is_first("source", (source := checked.source()).id, file, where):
                self.sources[source.id] = source

    def _is_first(self, kind: str, name: str, file: Path, where: str) -> bool:
        earlier = self._seen.setdefault((kind, name), f"{_shown(file)} {where}")
        if earlier == f"{_shown(file)} {where}":
            return True
        problem = f"{name!r} is taken by {earlier}; give one of the two another id"
        self.report(SeedError(_shown(file), f"{where}.id", problem))
        return False


T = TypeVar("T", bound=Table)


def _checked(model: type[T], table: Mapping[str, object], file: str, where: str, report: OnError) -> T | None:
    try:
        return model.model_validate(table)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            key = ".".join([where, *(str(part) for part in fault["loc"])]).strip(".")
            report(SeedError(file, key, _problem(fault, tuple(model.model_fields))))
    return None


def _problem(fault: ErrorDetails, known: tuple[str, ...]) -> str:
    if fault["type"] == "extra_forbidden":
        return _unknown(str(fault["loc"][-1]), known)
    if fault["type"] == "missing":
        return "is missing"
    if fault["type"] == "value_error":
        return str(fault["ctx"]["error"])
    return f"{fault['msg']}; found {fault['input']!r}"


def _unknown(key: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(key, known, 1, 0.5)
    return f"unknown key; did you mean {near[0]!r}?" if near else f"unknown key; the keys are {', '.join(known)}"


def _check_parents(themes: Mapping[str, Theme], report: OnError) -> None:
    for theme in themes.values():
        if theme.parent and (theme.parent not in themes or theme.parent == theme.id):
            report(SeedError("themes", f"{theme.id}.parent", f"{theme.parent!r} is no other theme"))


def _forms(tables: Iterable[Mapping[str, tuple[str, ...]]]) -> dict[str, str]:
    """Each form with its usual name, which stands for itself too; a later table goes over an earlier one."""
    return {form: usual for table in tables for usual, forms in table.items() for form in (usual, *forms)}


def _lexicon(file: Path, report: OnError) -> Iterator[Lexicon]:
    if lexicon := _checked(Lexicon, _content(file, report), _shown(file), "", report):
        yield lexicon


def _rows(
    file: Path, content: Mapping[str, object], kind: str, report: OnError
) -> Iterator[tuple[str, Mapping[str, object]]]:
    rows = content.get(kind, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        report(SeedError(_shown(file), kind, f"write each {kind} as a table headed [[{kind}]]"))
        return
    for place, row in enumerate(rows, 1):
        yield f"{kind}[{place}]", row


def _content(file: Path, report: OnError) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))  # Windows editors put a mark first
    except OSError as error:
        report(SeedError(_shown(file), "", f"cannot be read: {error.strerror}"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        report(SeedError(_shown(file), "", f"not valid TOML: {error}"))
    return {}


def _toml_files(folder: Path) -> Iterable[Path]:
    if folder.is_file():
        return (folder,)
    if not folder.is_dir():
        return ()
    return sorted(folder.glob("*.toml"))


def _shown(file: Path) -> str:
    return str(file)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _raise(error: SeedError) -> None:
    raise error
