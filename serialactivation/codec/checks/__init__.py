"""Checks that an activation would come back from a saved model, and the refusal of one that would not."""
