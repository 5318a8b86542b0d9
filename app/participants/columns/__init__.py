"""Columns of the conference's own: visa, flight, hotel, what would be one more spreadsheet.

Promises: a value is what its column's kind says, or is refused in words; a column that somebody
may not read is not there for them, in lists, filters, counts, files, imports and messages alike.
"""
