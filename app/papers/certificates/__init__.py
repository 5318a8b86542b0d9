"""Certificates of attendance.

Promise: only who was here in person has one; a public page says of a code and a name whether they
belong together, and nothing else; a presence that is annulled annuls the certificate at once.
"""
