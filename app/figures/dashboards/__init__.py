"""The dashboard: funnel, arrivals, regional groups, quotas and gates, live, on a page and on paper.

Promise: every picture stands beside the table of its numbers, on the page as in the report, and
shares of a whole sum to 100.
"""
