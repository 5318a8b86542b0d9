"""Receptions: who is invited by rank or by name, who replied what, and the list at the door.

Promises: accepted guests and their companions never exceed the capacity, on any path, except that a
principal is never turned away (one more place is laid, and said so); whoever leaves the conference
gives the places back.
"""
