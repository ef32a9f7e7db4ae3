"""Gathers the facts that the doctor judges. Each reads, asks or connects; none changes anything, presses or sends."""
