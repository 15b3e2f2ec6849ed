"""What ``repair`` mends by itself: a module for each fix, and a table of them."""
