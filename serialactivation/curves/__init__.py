"""The activation functions of Keras as formulas, which are drawn without Keras. Keras-free."""
