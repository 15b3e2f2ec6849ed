"""What Keras 3 wrote, and another Keras 3 does not load, or loads otherwise: a module for each repair. Keras-free."""
