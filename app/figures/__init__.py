"""Attendance figures and the sentences made of them: read-only over everything below.

Promise: every figure has a basis, an as-of and a known-at, prints what it excludes, and opens to
the persons behind it.
"""
