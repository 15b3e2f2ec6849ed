"""What ``repair`` mends: a module for each repair, and what plans and writes them. Keras-free."""
