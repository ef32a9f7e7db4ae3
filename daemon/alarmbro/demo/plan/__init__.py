"""The demonstration on a page: a plan of the rooms with their buttons, and everybody's message beside it.

Loopback alone, standard library alone: it works where the page for coordinators (`alarmbro.web`) is not installed, and
has its looks. Its own threads; what it does goes the way of every other press and answer.
"""
