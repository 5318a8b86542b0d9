"""Joining is for Typst's own PDFs and says so."""

import pytest

from app.core import pdf


@pytest.mark.parametrize("other", [b"", b"%PDF-1.7\nstartxref\n0\n%%EOF", b"startxref\nx"])
def test_other_pdfs_are_refused(other: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        pdf.join([other, other])
