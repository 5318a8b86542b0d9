"""Lists of invented people, in the shapes and languages in which organisers keep them."""

import csv
import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

from app.core.sheets import to_xlsx

FIELDS = ("group", "delegation", "style", "name", "name_ar", "function", "role", "sex", "email")

HEADINGS = {
    "en": (
        *("Group", "Delegation", "Title", "Name", "Name in Arabic"),
        *("Function", "Role", "Sex", "E-mail"),
    ),
    "fr": (
        *("Groupe", "Délégation", "Civilité", "Nom complet", "Nom en arabe"),
        *("Fonction", "Rôle", "Sexe", "Courriel"),
    ),
    "ar": (
        *("المجموعة", "الوفد", "صيغة المخاطبة", "الاسم بالإنجليزية", "الاسم بالعربية"),
        *("الوظيفة", "الدور", "الجنس", "البريد الإلكتروني"),
    ),
}

_STATES = ("Albania", "Bhutan", "Chile", "Djibouti", "Estonia", "Fiji", "Ghana", "Haiti")
_FIRST = ("Amina", "Börje", "Chiara", "Désiré", "Elif", "Farid", "Grâce", "Hanan", "Ivo", "Jalil")
_LAST = ("Abelló", "Brun", "Caruso", "Duarte")
_ARABIC = ("أمينة", "", "كيارا", "", "أليف", "فريد", "", "حنان", "", "جليل")
_TITLES = ("Minister of Health", "Ambassador", "First Secretary", "Conseillère", "")

Rows = list[list[str]]


def people(count: int = 40) -> Rows:
    """The list in the order of `FIELDS`: heads first, two of five women, some names in Arabic."""
    rows: Rows = []
    for i in range(count):
        first, last = _FIRST[i % 10], _LAST[i // 10 % 4]
        beyond = f" {i // 40}" if i >= 40 else ""
        rows.append(
            [
                "Parties" if i < 32 else "Non-governmental organizations",
                _STATES[i % 8] if i < 32 else f"Institute of Rivers {i % 2 + 1}",
                ("H.E. Mr.", "Ms.", "Mr.", "Mrs.", "Dr.")[i % 5],
                f"{first} {last}{beyond}",
                _ARABIC[i % 10],
                _TITLES[i % 5],
                "head" if i < 8 else "",
                "" if i % 5 == 4 else "F" if i % 5 in (1, 3) else "M",
                f"p{i}@example.org" if i % 3 else "",
            ]
        )
    return rows


def as_csv(
    rows: Rows,
    *,
    headings: Sequence[str] = HEADINGS["en"],
    encoding: str = "utf-8",
    delimiter: str = ",",
) -> bytes:
    """The list as a program writes CSV."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([headings, *rows])
    return out.getvalue().encode(encoding)


def as_xlsx(rows: Rows, *, headings: Sequence[str] = HEADINGS["en"]) -> bytes:
    """The list as a workbook with one sheet."""
    return to_xlsx(headings, rows, title="List")


ODS = "application/vnd.oasis.opendocument.spreadsheet"


def as_ods(sheets: dict[str, list[Sequence[str]]]) -> bytes:
    """Sheets as an OpenDocument spreadsheet."""

    def cell(text: str) -> str:
        return (
            '<table:table-cell office:value-type="string">'
            f"<text:p>{escape(text)}</text:p></table:table-cell>"
        )

    tables = "".join(
        f'<table:table table:name="{escape(name)}">'
        + "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), ODS)
        archive.writestr("content.xml", content)
    return out.getvalue()
