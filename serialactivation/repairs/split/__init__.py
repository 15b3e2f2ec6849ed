"""An activation made a layer of its own, with its weights. Keras-free."""
