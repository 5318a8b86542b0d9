"""Inviting delegations: focal points, letters of invitation, reminders and replies.

Promises: a mail is written with what it tells, or not at all; a bulk invitation is confirmed by a
second officer; who stands on the not-invited list is invited by nobody.
"""
