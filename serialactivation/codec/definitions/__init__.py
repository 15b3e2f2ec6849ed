"""Definitions of functions and classes: which are the same, and what to write instead of one."""
