"""Capacities that cannot be oversold.

Promise: a registration holds a place in *every* quota that covers it or in none, whichever door it
came through and however many come at once; `used` always equals the places counted.
"""
