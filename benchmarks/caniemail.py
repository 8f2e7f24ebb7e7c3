"""caniemail: what in a digest's HTML mail programs do not know, by the tables of caniemail.com, and whether the layout needs it.

Needs node and npm; the package and its tables are installed into a folder that is gone afterwards. No table knows QQ, 163 or
exmail: in their place stand web mails that, like them, drop style sheets or attributes.
"""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from alerts import render
from benchmarks.figures import Figure
from benchmarks.pictures.samples import digest

PACKAGE: Final = "caniemail@2.0.2"
CLIENTS: Final[Mapping[str, str]] = {
    "Gmail": "gmail.*",
    "Outlook": "outlook.*",
    "Apple Mail": "apple-mail.*",
    "QQ-like": "{mail-ru,laposte,orange,sfr,fastmail,yahoo,aol}.desktop-webmail",
}
# What is there and nothing depends on, because all styles stand in the elements too.
EXTRA: Final[Mapping[str, str]] = {
    "@media": "phones then get the margins of the desktop, and dark mode is the program's own",
    "<style> element": "holds nothing but the @media rules",
    "color-scheme meta tag": "dark mode is the program's own then, too",
    "<body> element": "its ground stands in the outermost table again",
    "display:none": "the preview line is then there, in the colour of its ground",
    "white-space": "a figure may be cut at the end of a line",
    "role attribute": "for screen readers",
    "lang attribute": "for the choice of fonts and for screen readers",
}
CHECK: Final = """
import { caniemail } from "caniemail";
import { readFileSync } from "node:fs";
const [html, groups] = JSON.parse(readFileSync(0, "utf8"));
const found = {};
for (const [name, clients] of Object.entries(groups)) {
  found[name] = {};
  for (const [client, issues] of caniemail({ clients: [clients], html }).issues.errors)
    for (const issue of issues) (found[name][issue.title] ??= new Set()).add(client);
  for (const title in found[name]) found[name][title] = [...found[name][title]];
}
console.log(JSON.stringify(found));
"""


def measure() -> Sequence[Figure]:
    found = _ask(render.html_part(digest(13), "https://watch.example.com/u/t"))
    return [_figure(name, features) for name, features in found.items()]


def _figure(name: str, features: Mapping[str, Sequence[str]]) -> Figure:
    """How many features the layout needs in vain, and all that some program of the kind does not know."""
    needed = [title for title in features if title not in EXTRA]
    return Figure(f"needed and unknown: {name}", len(needed), 0, "at most", "", ", ".join(needed or features))


def _ask(html: str) -> dict[str, dict[str, list[str]]]:
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        raise SystemExit("caniemail: needs node and npm, which are not installed")
    with tempfile.TemporaryDirectory(prefix="caniemail-") as folder:
        install = [npm, "install", "--no-save", "--ignore-scripts", "--silent", PACKAGE]
        subprocess.run(install, cwd=folder, check=True)
        (Path(folder) / "check.mjs").write_text(CHECK, encoding="utf-8")
        asked = json.dumps([html, CLIENTS])
        done = subprocess.run([node, "check.mjs"], cwd=folder, input=asked, capture_output=True, text=True, check=True)
    answer: dict[str, dict[str, list[str]]] = json.loads(done.stdout)
    return answer
