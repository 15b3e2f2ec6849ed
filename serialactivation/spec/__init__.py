"""What a layer class has: its activation fields, and what its methods need to know of it."""
