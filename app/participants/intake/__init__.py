"""What a file from outside means: pure rules over data files, no database.

Promises: a heading, an honorific, a group label is recognised or left alone, never guessed by
likeness; a rank is only ever *suggested* from a title, and never a minister's or a head's from a
word that diplomats and advisers carry too; a delegation's code depends on its name and on the
codes taken before it, on nothing else. Words live in `data/`, so that they can be corrected
without touching code.
"""
