"""A model, or its state, made again: cloned, rebuilt layer by layer, and compared with the first."""
