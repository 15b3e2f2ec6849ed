"""Write every file of the corpus to the folder that is named."""

import pathlib
import sys

from tests.corpus import CORPUS, FOUND, write

if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name in (*CORPUS, *FOUND):
        write(name, folder)
