"""What an organiser hands out: the ministers' list and the list of participants.

Promise: each list is made from all features below in a constant number of queries, and a rank that
nobody has decided never places a person among the ministers.
"""
