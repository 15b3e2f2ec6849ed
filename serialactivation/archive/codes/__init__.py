"""What the codes of ``check`` mean: one entry for each, from which all that explains a code is made."""
