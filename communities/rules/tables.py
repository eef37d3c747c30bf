"""A table that somebody uploads, read row by row: CSV in UTF-8 or the national code, or XLSX. Never held as a whole."""

import csv
import io
import zipfile
from collections.abc import Iterator
from itertools import islice

from openpyxl import load_workbook

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 60
LONGEST_CELL = 500

type Cells = list[str]


class Unreadable(ValueError):
    """`code`: not_a_table, not_csv, not_xlsx, bad_letters, too_large or too_many_rows."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def ending_of(name: str) -> str:
    """csv or xlsx, by the file's name."""
    ending = name.rpartition(".")[2].lower()
    if ending not in {"csv", "xlsx"}:
        raise Unreadable("not_a_table")
    return ending


def rows_of(content: bytes, ending: str) -> Iterator[Cells]:
    """The rows that are not empty, the heading first. Raises Unreadable, also while it goes on."""
    if len(content) > MOST_BYTES:
        raise Unreadable("too_large")
    rows = of_csv(content) if ending == "csv" else of_xlsx(content)
    for number, row in enumerate(row for row in rows if any(row)):
        if number > MOST_ROWS:
            raise Unreadable("too_many_rows")
        yield row


def of_csv(content: bytes) -> Iterator[Cells]:
    """Lines of Unix, Windows or old Macs; commas, semicolons or tabs."""
    text = decoded(content)
    heading = text.partition("\n")[0]
    comma = max(",;\t", key=heading.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=comma):
            yield [cell.strip()[:LONGEST_CELL] for cell in row[:MOST_COLUMNS]]
    except csv.Error as error:
        raise Unreadable("not_csv") from error


def decoded(content: bytes) -> str:
    if b"\0" in content:
        raise Unreadable("not_csv")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("bad_letters")


def of_xlsx(content: bytes) -> Iterator[Cells]:
    """The first sheet, its formulas as the values they last had."""
    check_packed(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for row in sheet.iter_rows(values_only=True):
            yield [written(cell) for cell in islice(row, MOST_COLUMNS)]
    except (KeyError, ValueError, IndexError, OSError, zipfile.BadZipFile, SyntaxError) as error:
        raise Unreadable("not_xlsx") from error


def check_packed(content: bytes) -> None:
    """Before anything is unpacked: it is an archive, and not one that grows beyond measure."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, ValueError) as error:
        raise Unreadable("not_xlsx") from error
    if unpacked > MOST_UNPACKED:
        raise Unreadable("too_large")


def written(cell: object) -> str:
    """As a person sees it: a phone number that the sheet holds as a number has no decimals."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()[:LONGEST_CELL]
