"""Importing a file of people: preview what it would do, then do exactly that, or nothing.

Promises: the same file twice changes nothing; a corrected file changes the cells that were
corrected, and no others; a cell that changed here since, and not in the file, stays as it was
changed here; an emptied cell erases nothing.
"""
