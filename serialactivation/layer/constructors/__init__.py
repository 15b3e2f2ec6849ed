"""Around a layer's constructor: what it is given is resolved before, and noted after."""
