"""Helpers shared by the tests of every room live beside this file (`canary.py`)."""
