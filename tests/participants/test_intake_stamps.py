"""Marks of cells: what was corrected is told apart from what was emptied and what is as before."""

from app.participants.intake.stamps import STAMPED, restamp


def test_marks_tell_what_was_corrected() -> None:
    everything, first = restamp(None, {"name": "Ana", "function": "Envoy"})
    assert everything == ["name", "function"]
    assert restamp(first, {"name": "Ana", "function": "Envoy"}) == ([], first)
    corrected, second = restamp(first, {"name": "Ana", "function": "Consul"})
    assert (corrected, second != first) == (["function"], True)
    assert restamp(second, {"name": "Ana"}) == ([], second), "emptied"
    assert restamp(second, {"function": "Consul", "email": "a@example.org"})[0] == ["email"]


def test_a_stamp_fits_its_column_also_with_two_more_fields() -> None:
    assert len(restamp(None, dict.fromkeys(STAMPED, "x"))[1]) <= 64 - 8
