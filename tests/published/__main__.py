"""``python -m tests.published fetch FOLDER`` downloads the models; ``survey FOLDER PAGE`` tries them."""

import pathlib
import sys
import tempfile


def main(task: str, folder: str, *arguments: str) -> None:
    """Do what the command line asks for."""
    place = pathlib.Path(folder).resolve()
    if task == "fetch":
        from tests.published.packages import fetch

        fetch(place)
        return
    from tests.published.pages import render
    from tests.published.survey import survey, write

    with tempfile.TemporaryDirectory() as work:
        surveyed = survey(place, pathlib.Path(work))
    write(surveyed, place / "survey.json")
    pathlib.Path(arguments[0]).write_text(render(surveyed))


if __name__ == "__main__":
    main(*sys.argv[1:])
