"""The repairs of what Keras 1 and 2 and tf_keras wrote, a module for each. Keras-free.

They share ``make_repair``; ``keywords`` has rules of ``modernize``.
"""
