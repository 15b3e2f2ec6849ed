"""Fuzzing of what reads saved models: whatever a file says, it is read or refused, and a copy is whole or not there.

Four targets, each with inputs of its own:

- ``config``: the text of a config, which is then a ``config.json``, in an archive, and in the attributes of an HDF5
  file. It is changed as JSON: values of other types, parts of other configs, keys twice, numbers that are none.
- ``archive``: a ``.keras`` file. Its members' bytes and what is said of them are changed, or its bytes.
- ``code``: the marshaled code of a lambda, whose bytes are changed.
- ``hdf5``: an HDF5 file, whose bytes are changed. Each runs in a process of its own, since HDF5's library crashes.

``python -m tests.fuzz seeds FOLDER`` writes what they start from, a folder for each target;
``python -m tests.fuzz run TARGET FOLDER [OPTION ...]`` fuzzes from it, guided by coverage, with atheris, which has to
be installed (``pip install atheris``), and with the options of libFuzzer, such as ``-max_total_time=60``;
``python -m tests.fuzz replay TARGET FOLDER`` holds every file in it to the same promises, without atheris;
``python -m tests.fuzz random TARGET FOLDER NUMBER`` does so with changed files, as many and always the same.

What is found belongs into ``tests/corpus/kept``, as small as it gets, with a test of what reads it.
"""
